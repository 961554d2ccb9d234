import { normalUpperTail } from "../../base/math/incomplete-gamma.js";

/** So many of so many. */
export interface Proportion {
  readonly successes: number;
  readonly n: number;
}

export interface ProportionTest {
  readonly z: number;
  readonly pTwoSided: number;
  /** One-sided, for a larger share in the first. */
  readonly pLarger: number;
}

/** The z test of two shares with the pooled share, without continuity correction. Shares that are both 0 or both 1 do not differ: z 0. */
export function twoProportionTest(a: Proportion, b: Proportion): ProportionTest {
  const pooled = (a.successes + b.successes) / (a.n + b.n);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / a.n + 1 / b.n));
  const z = error > 0 ? (a.successes / a.n - b.successes / b.n) / error : 0;
  return { z, pTwoSided: Math.min(1, 2 * normalUpperTail(Math.abs(z))), pLarger: normalUpperTail(z) };
}
