import type { Learner, Params } from "./learner.js";

/**
 * Whether a learner is made to see churn more or less often than there is, by synthetic rows or by weighing labels differently: its
 * scores then must be calibrated on rows as they are.
 */
export function shiftsTheRate(
  { resample = "none" }: Learner,
  { classWeight = null, scalePosWeight = 1 }: Params,
): boolean {
  return resample !== "none" || classWeight !== null || scalePosWeight !== 1;
}
