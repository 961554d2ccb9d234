import { meanInterval } from "../../base/math/student-t.js";
import type { NullAucDocument, Verdict } from "../../schema/documents.js";

/** Times that a protocol is run where there is nothing to find. */
export const DRAWS = 20;
const AUC_TOLERANCE = 0.02;
const HALF_WIDTH_MAX = 0.05;

/**
 * Verdict on the AUCs that a protocol reaches where there is nothing to find. Failed: the mean is more than 0.02 off one half, and
 * its 99.9% interval (Student's t over the draws) does not hold one half, however wide it is. Inconclusive: the interval
 * holds one half, and much else: it reaches further than 0.05.
 */
export function judgeChance(aucs: readonly number[]): NullAucDocument {
  const draws = aucs.filter((auc) => Number.isFinite(auc));
  if (draws.length < 2)
    return { auc: draws[0] ?? null, low: null, high: null, draws: draws.length, verdict: "inconclusive" };
  const { mean, low, high, halfWidth } = meanInterval(draws, 0.999);
  return { auc: mean, low, high, draws: draws.length, verdict: verdictOf(mean, halfWidth) };
}

function verdictOf(auc: number, halfWidth: number): Verdict {
  const off = Math.abs(auc - 0.5);
  if (off > AUC_TOLERANCE && off > halfWidth) return "failed";
  return halfWidth > HALF_WIDTH_MAX ? "inconclusive" : "passed";
}
