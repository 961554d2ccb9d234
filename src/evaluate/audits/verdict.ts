import type { Verdict } from "../../schema/documents.js";

const ORDER: readonly Verdict[] = ["passed", "inconclusive", "failed"];

/** Several audits together are as good as the worst of them. */
export function worstOf(verdicts: readonly Verdict[]): Verdict {
  return verdicts.reduce<Verdict>(
    (worst, verdict) => (ORDER.indexOf(verdict) > ORDER.indexOf(worst) ? verdict : worst),
    "passed",
  );
}
