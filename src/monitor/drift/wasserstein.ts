// hot loop
import type { Sample } from "./sample.js";

/**
 * The Wasserstein distance of order 1 between the values that are there: the area between the two distribution functions, in the unit of
 * the values. NaN where a sample has none.
 */
export function wasserstein({ sorted: x }: Sample, { sorted: y }: Sample): number {
  if (x.length === 0 || y.length === 0) return Number.NaN;
  let area = 0;
  let i = 0;
  let j = 0;
  let before = Math.min(x[0]!, y[0]!);
  while (i < x.length || j < y.length) {
    const value = j >= y.length || (i < x.length && x[i]! <= y[j]!) ? x[i]! : y[j]!;
    area += Math.abs(i / x.length - j / y.length) * (value - before);
    while (i < x.length && x[i] === value) i++;
    while (j < y.length && y[j] === value) j++;
    before = value;
  }
  return area;
}
