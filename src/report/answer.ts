import type { RunDocument } from "../schema/documents.js";
import type { LabelWords } from "../schema/label-words.js";
import { bestCandidate, bestRival, isSkipped, type Rival, wordsOf } from "./findings.js";
import { counted, interval, score } from "./format.js";
import { CHURNED_USERS_MIN } from "./rules.js";
import { rivalName } from "./words.js";

/** The answer to "can we tell who will cancel?", or downgrade, or go silent. */
export interface Answer {
  readonly tone: "good" | "doubt" | "bad";
  readonly title: string;
  readonly sentence: string;
}

/** Answers from the figures alone, in the order of what forbids a yes. */
export function answerOf(document: RunDocument): Answer {
  const { training, audits } = document;
  const words = wordsOf(document);
  if (isSkipped(training)) {
    const { message, hint } = training.skipped;
    return { tone: "doubt", title: "No honest model can be had from this log yet.", sentence: `${message} ${hint}` };
  }
  const best = bestCandidate(training);
  const auc = best?.metrics.rocAuc ?? null;
  if (best === null || auc === null) {
    return { tone: "doubt", title: "Nothing could be measured.", sentence: "The best candidate has no ROC AUC." };
  }
  const bounds = best.intervals.rocAuc;
  const measured = `ROC AUC ${score(auc)} (95% interval ${interval(bounds)})`;
  if (audits?.verdict === "failed") {
    const sentence = `${measured}, but an audit failed: the score is not to be believed.`;
    return { tone: "bad", title: "Do not trust this model.", sentence };
  }
  if (training.tooFewToTell) {
    const churned = `${counted(training.churnedUsersInTest, "user")} ${words.past} in the test blocks`;
    const sentence = `${churned}; ${CHURNED_USERS_MIN} are needed. What was measured: ${measured}.`;
    return { tone: "doubt", title: "Too few to tell.", sentence };
  }
  if (bounds === undefined || bounds.low <= 0.5) {
    const sentence = `${measured}: the interval does not rule out a coin, at 0.500.`;
    return { tone: "doubt", title: "Not better than chance, as far as this log can show.", sentence };
  }
  const answer = againstRival(measured, { auc, low: bounds.low }, { rival: bestRival(training), words });
  if (audits?.verdict !== "inconclusive") return answer;
  return { ...answer, sentence: `${answer.sentence} An audit was inconclusive: this log cannot rule out a flaw.` };
}

function againstRival(
  measured: string,
  model: { auc: number; low: number },
  { rival, words }: { rival: Rival | null; words: LabelWords },
): Answer {
  if (rival === null) return { tone: "good", title: "Yes, better than chance.", sentence: `${measured}.` };
  const other = `${rivalName(rival.name, words).toLowerCase()}, the best trivial rule, reaches ${score(rival.rocAuc)}`;
  if (model.auc <= rival.rocAuc) {
    const title = "Better than chance, but no better than a trivial rule.";
    return { tone: "doubt", title, sentence: `${measured}; ${other}.` };
  }
  if (model.low <= (rival.high ?? rival.rocAuc)) {
    const title = "Yes, better than chance; not clearly better than a trivial rule.";
    return { tone: "good", title, sentence: `${measured}; ${other}, and the intervals overlap.` };
  }
  const title = "Yes: better than chance, and than any trivial rule.";
  return { tone: "good", title, sentence: `${measured}; ${other}.` };
}
