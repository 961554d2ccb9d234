import type {
  AuditDocument,
  IngestDocument,
  RecoveryDocument,
  RunDocument,
  ScoresDocument,
  SkippedDocument,
  TrainingDocument,
} from "../schema/documents.js";
import { answerOf } from "./answer.js";
import { isSkipped, trainingOf, wordsOf } from "./findings.js";
import { duration } from "./format.js";
import { fact, heading, paragraph } from "./terminal/blocks.js";
import { ended, readable, simulatedLines } from "./terminal/frame.js";
import { auditsLines, honestyLines } from "./terminal/honesty.js";
import { ingestLines } from "./terminal/ingest.js";
import { recoveryLines } from "./terminal/recovery.js";
import { scoresLines } from "./terminal/scores.js";
import type { Screen } from "./terminal/screen.js";
import { trainingLines } from "./terminal/training.js";
import { spoken } from "./words.js";

/** The run, to be read in a terminal: the answer, what it rests on, whom to call, where the files are. */
export function renderSummary(document: RunDocument, given: Screen): string {
  const screen = readable(given);
  const { tone, title, sentence } = answerOf(document);
  return ended([
    ...simulatedLines(document, screen),
    ...ingestLines(document.ingest, screen),
    ...recoveryLines(document.recovery, screen),
    ...trainingLines(document.training, screen),
    ...honestyLines(document, screen),
    ...auditsLines(document.audits, screen),
    ...atRiskLines(document, screen),
    ...heading(`CAN WE TELL WHO WILL ${wordsOf(document).verb.toUpperCase()}?`, screen),
    ...paragraph(title, screen, tone),
    ...paragraph(sentence, screen),
    ...heading("FILES", screen),
    ...fact("Home", document.home, screen),
    ...Object.entries(document.files).flatMap(([name, path]) => fact(spoken(name), path, screen)),
    ...fact("Took", duration(document.seconds), screen),
  ]);
}

export function renderIngest(ingest: IngestDocument, screen: Screen): string {
  return ended(ingestLines(ingest, readable(screen)));
}

export function renderRecovery(recovery: RecoveryDocument, given: Screen): string {
  const screen = readable(given);
  return ended([...simulatedLines(recovery, screen), ...recoveryLines(recovery, screen)]);
}

/** Candidates, then the audits of the training. */
export function renderTraining(training: TrainingDocument | SkippedDocument, given: Screen): string {
  const screen = readable(given);
  const simulated = simulatedLines({ simulated: trainingOf(training)?.simulated === true }, screen);
  return ended([
    ...simulated,
    ...trainingLines(training, screen),
    ...auditsLines(trainingOf(training)?.audits ?? null, screen),
  ]);
}

/** The audits alone. */
export function renderAudits(audits: AuditDocument, given: Screen): string {
  const screen = readable(given);
  return ended([...simulatedLines(audits, screen), ...auditsLines(audits, screen)]);
}

export function renderScores(scores: ScoresDocument | SkippedDocument, given: Screen): string {
  const screen = readable(given);
  const simulated = simulatedLines({ simulated: !isSkipped(scores) && scores.simulated }, screen);
  return ended([...simulated, ...scoresLines(scores, screen)]);
}

/** Scores skipped for want of a model were explained where training was. */
function atRiskLines({ scores, training }: RunDocument, screen: Screen): string[] {
  const known = isSkipped(scores) && isSkipped(training) && scores.skipped.code === training.skipped.code;
  return known ? [] : scoresLines(scores, screen);
}
