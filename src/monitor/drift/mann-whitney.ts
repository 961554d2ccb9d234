// hot loop
import { normalUpperTail } from "../../base/math/incomplete-gamma.js";
import type { Sample } from "./sample.js";

export interface MannWhitneyTest {
  /** How often a value of the reference is above one of the current, ties one half. */
  readonly u: number;
  readonly p: number;
  /** P(reference > current) − P(reference < current): −1 to 1 (Cliff's delta). */
  readonly effect: number;
}

/**
 * Whether one of two samples tends to larger values: two-sided, by the normal approximation with corrections for ties and continuity.
 * Missing values are left out; p is 1 where a sample is empty or all values are the same.
 */
export function mannWhitney({ sorted: x }: Sample, { sorted: y }: Sample): MannWhitneyTest {
  const [n, m] = [x.length, y.length];
  if (n === 0 || m === 0) return { u: 0, p: 1, effect: 0 };
  let u = 0;
  let ties = 0;
  let i = 0;
  let j = 0;
  while (i < n || j < m) {
    const value = j >= m || (i < n && x[i]! <= y[j]!) ? x[i]! : y[j]!;
    const [fromI, fromJ] = [i, j];
    while (i < n && x[i] === value) i++;
    while (j < m && y[j] === value) j++;
    const [equalX, equalY] = [i - fromI, j - fromJ];
    u += equalX * (fromJ + equalY / 2);
    const equal = equalX + equalY;
    ties += equal ** 3 - equal;
  }
  const total = n + m;
  const variance = ((n * m) / 12) * (total + 1 - ties / (total * (total - 1)));
  const away = Math.abs(u - (n * m) / 2) - 0.5;
  const p = variance <= 0 ? 1 : Math.min(1, 2 * normalUpperTail(away / Math.sqrt(variance)));
  return { u, p, effect: (2 * u) / (n * m) - 1 };
}
