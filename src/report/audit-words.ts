import type { AuditsDocument, NullAucDocument, TrainingDocument, Verdict } from "../schema/documents.js";
import { count, counted, interval, score } from "./format.js";

/** One audit: what was tried, what came of it, and what that means. */
export interface AuditLine {
  readonly name: string;
  readonly verdict: Verdict;
  readonly finding: string;
}

type Audits = NonNullable<TrainingDocument["audits"]>;

export function auditLines(audits: Audits): readonly AuditLine[] {
  const lines = [{ name: "Placebo churn", verdict: audits.placebo.verdict, finding: placeboFinding(audits.placebo) }];
  if ("futureShuffle" in audits) lines.push(futureLine(audits.futureShuffle));
  return lines;
}

const PLACEBO_MEANS = {
  passed: "nothing was found where there was nothing to find",
  inconclusive: "the interval is too wide to say whether something was found where there was nothing",
  failed: "a score was found where there was nothing to find, so it comes of the recipe and not of the users",
} as const satisfies Record<Verdict, string>;

export function placeboFinding(placebo: NullAucDocument): string {
  const { auc, draws, verdict } = placebo;
  const measured = `AUC ${score(auc)} (99.9% interval ${interval(placebo)}, ${counted(draws, "draw")})`;
  return `Users to whom it did not happen were given made-up times of it: ${measured}; ${PLACEBO_MEANS[verdict]}.`;
}

function futureLine({
  cutoffs,
  rowsAltered,
  featuresChanged,
  trainingUnchanged,
  verdict,
}: AuditsDocument["futureShuffle"]) {
  const tried = `${counted(rowsAltered, "row")} after ${counted(cutoffs.length, "cutoff")} altered`;
  const features =
    featuresChanged.length === 0
      ? "no feature changed"
      : `${count(featuresChanged.length)} changed (${featuresChanged.slice(0, 5).join(", ")})`;
  const model = trainingUnchanged ? "the model kept every byte" : "the model changed";
  return { name: "Future shuffle", verdict, finding: `${tried}: ${features}, ${model}.` };
}
