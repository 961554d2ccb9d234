import { assert } from "../assert.js";
import { incompleteBeta } from "./incomplete-beta.js";

/** P(|T| > t) for Student's t with `df` degrees of freedom, t ≥ 0. */
export function tTwoSidedTail(t: number, df: number): number {
  const total = df + t * t;
  return incompleteBeta(df / 2, 0.5, df / total, (t * t) / total);
}

/** The t with P(|T| ≤ t) = `level`: 3.883 for 19 degrees of freedom and 0.999. By bisection to the last bit. */
export function studentT(df: number, level: number): number {
  assert(df > 0 && level > 0 && level < 1, `no t quantile for df ${df} and level ${level}`);
  const tail = 1 - level;
  let high = 1;
  while (tTwoSidedTail(high, df) > tail) high *= 2;
  let low = 0;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (tTwoSidedTail(middle, df) > tail) low = middle;
    else high = middle;
  }
}

export interface MeanInterval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly halfWidth: number;
}

/** Student's two-sided interval of the mean of at least two independent draws; `level` is its coverage, as 0.999. */
export function meanInterval(values: ArrayLike<number>, level: number): MeanInterval {
  const n = values.length;
  assert(n >= 2, "an interval of a mean needs two values");
  let mean = 0;
  for (let i = 0; i < n; i++) mean += values[i]! / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (values[i]! - mean) ** 2;
  const halfWidth = studentT(n - 1, level) * Math.sqrt(squares / (n - 1) / n);
  return { mean, low: mean - halfWidth, high: mean + halfWidth, halfWidth };
}
