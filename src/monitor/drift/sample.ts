// hot loop
import { sortNumbers } from "../../base/math/sort-numbers.js";

/** One column of numbers, in order: what the two-sample statistics read. */
export interface Sample {
  /** The values that are there, ascending. */
  readonly sorted: Float64Array;
  /** Rows in which the value is missing. */
  readonly missing: number;
}

/** @param values NaN is missing; infinities are values like others */
export function sampleOf(values: ArrayLike<number>): Sample {
  const present = new Float64Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isNaN(value)) present[count++] = value;
  }
  return { sorted: sortNumbers(present.subarray(0, count)), missing: values.length - count };
}

/** The values of some rows. */
export function takeValues(values: Float64Array, rows: Int32Array): Float64Array {
  const out = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) out[i] = values[rows[i]!]!;
  return out;
}

/** Two samples as one. */
export function together(a: Sample, b: Sample): Sample {
  const [x, y] = [a.sorted, b.sorted];
  const sorted = new Float64Array(x.length + y.length);
  let [i, j] = [0, 0];
  for (let k = 0; k < sorted.length; k++) {
    const takesX = j >= y.length || (i < x.length && x[i]! <= y[j]!);
    sorted[k] = takesX ? x[i++]! : y[j++]!;
  }
  return { sorted, missing: a.missing + b.missing };
}

export function sizeOf({ sorted, missing }: Sample): number {
  return sorted.length + missing;
}

/** Population standard deviation of the values that are there; NaN where there are none. */
export function deviationOf({ sorted }: Sample): number {
  if (sorted.length > 0 && sorted[0] === sorted[sorted.length - 1]) return 0;
  let mean = 0;
  for (let i = 0; i < sorted.length; i++) mean += sorted[i]! / sorted.length;
  let squares = 0;
  for (let i = 0; i < sorted.length; i++) squares += (sorted[i]! - mean) ** 2;
  return Math.sqrt(squares / sorted.length);
}
