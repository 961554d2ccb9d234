import { incompleteBeta } from "./incomplete-beta.js";

/** P(F > f) for an F distribution with `df1` and `df2` degrees of freedom. NaN stays NaN. */
export function fUpperTail(f: number, df1: number, df2: number): number {
  if (Number.isNaN(f) || !(df2 > 0)) return Number.NaN;
  if (f <= 0) return 1;
  if (f === Number.POSITIVE_INFINITY) return 0;
  const total = df2 + df1 * f;
  return incompleteBeta(df2 / 2, df1 / 2, df2 / total, (df1 * f) / total);
}
