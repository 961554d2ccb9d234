import type {
  CandidateDocument,
  NullAucDocument,
  PredictionDocument,
  RunDocument,
  ScoresDocument,
  SkippedDocument,
  TrainingDocument,
} from "../schema/documents.js";
import { type LabelWords, labelWords } from "../schema/label-words.js";

export const CALLED_USERS = 10;

export function isSkipped(document: object): document is SkippedDocument {
  return "skipped" in document;
}

export function trainingOf(document: TrainingDocument | SkippedDocument): TrainingDocument | null {
  return isSkipped(document) ? null : document;
}

/** The words of what a run was to predict. */
export function wordsOf({ label, training }: RunDocument): LabelWords {
  return labelWords(label ?? trainingOf(training)?.label ?? "cancellation");
}

/** The candidate that was chosen; models may come more than once, with other settings. */
export function bestCandidate(training: TrainingDocument): CandidateDocument | null {
  const named = training.candidates.filter(({ model }) => model === training.best.model);
  const wanted = JSON.stringify(training.best.params);
  return named.find(({ params }) => JSON.stringify(params) === wanted) ?? named[0] ?? null;
}

export interface Rival {
  readonly name: string;
  readonly rocAuc: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** The trivial rule that ranks best. */
export function bestRival(training: TrainingDocument): Rival | null {
  const ranked = Object.entries(training.rivals).flatMap(([name, { metrics, intervals }]) =>
    metrics.rocAuc === null
      ? []
      : [{ name, rocAuc: metrics.rocAuc, low: intervals.rocAuc?.low ?? null, high: intervals.rocAuc?.high ?? null }],
  );
  return ranked.sort((a, b) => b.rocAuc - a.rocAuc)[0] ?? null;
}

/** The users in the risk set, the riskiest first. */
export function mostAtRisk(scores: ScoresDocument, n = CALLED_USERS): readonly PredictionDocument[] {
  return scores.users
    .filter((user) => user.at_risk)
    .sort((a, b) => b.churn_probability - a.churn_probability || (a.user_id < b.user_id ? -1 : 1))
    .slice(0, n);
}

/** One line of the comparison that tells whether a score is to be believed. */
export interface HonestyRow {
  readonly kind: "honest" | "leaky" | "placebo";
  readonly label: string;
  readonly auc: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** How sure the interval is, in percent. */
  readonly confidence: number;
}

/** The honest score, the leaky one, and under each what the same recipe scores where there is nothing to learn. */
export function honestyRows(document: RunDocument): readonly HonestyRow[] {
  const rows: HonestyRow[] = [];
  const honest = trainingOf(document.training);
  const leaky = trainingOf(document.wholeHistory);
  if (honest !== null) rows.push(scored("honest", "Point in time", honest));
  const placebo = document.audits?.placebo;
  if (placebo !== undefined) rows.push(placeboRow("Placebo, point in time", placebo));
  if (leaky !== null) rows.push(scored("leaky", "Whole history (leaky)", leaky));
  if (leaky?.audits != null) rows.push(placeboRow("Placebo, whole history", leaky.audits.placebo));
  return rows;
}

function scored(kind: "honest" | "leaky", label: string, training: TrainingDocument): HonestyRow {
  const best = bestCandidate(training);
  const bounds = best?.intervals.rocAuc;
  return {
    kind,
    label,
    auc: best?.metrics.rocAuc ?? null,
    low: bounds?.low ?? null,
    high: bounds?.high ?? null,
    confidence: 95,
  };
}

function placeboRow(label: string, { auc, low, high }: NullAucDocument): HonestyRow {
  return { kind: "placebo", label, auc, low, high, confidence: 99.9 };
}
