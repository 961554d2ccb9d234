import { chiSquareUpperTail } from "../../base/math/incomplete-gamma.js";

/**
 * Whether the arms of an experiment are as large as they were meant to be: Pearson's chi-square of the sizes against the ratio. A p below
 * 0.001 says that something else than chance sorts users into arms, and then no result of the experiment can be trusted.
 *
 * @param ratio of the arms, in any unit
 */
export function sampleRatioTest(
  observed: readonly number[],
  ratio: readonly number[],
): { readonly chi2: number; readonly p: number } {
  const total = observed.reduce((sum, count) => sum + count, 0);
  const parts = ratio.reduce((sum, part) => sum + part, 0);
  const chi2 = observed.reduce((sum, count, arm) => {
    const expected = (total * (ratio[arm] ?? 0)) / parts;
    return sum + (count - expected) ** 2 / expected;
  }, 0);
  return { chi2, p: chiSquareUpperTail(chi2, observed.length - 1) };
}
