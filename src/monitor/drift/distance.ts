// hot loop
import { type Bins, binCount, binOf } from "./bins.js";

/** Rows of some columns, told by their bins: what resamples are drawn from. */
export interface BinnedRows {
  readonly rows: number;
  readonly cols: number;
  /** Row by row, the place of each column's bin in a list of counts. */
  readonly places: Uint16Array | Int32Array;
  /** Where the counts of column j begin; one more at the end. */
  readonly from: Int32Array;
  /** 1 where the order of the bins means something. */
  readonly ordered: Uint8Array;
}

/** @param columns values by column, each of `rows` */
export function binRows(columns: readonly Float64Array[], bins: readonly Bins[], rows: number): BinnedRows {
  const cols = columns.length;
  const from = new Int32Array(cols + 1);
  bins.forEach((each, j) => {
    from[j + 1] = from[j]! + binCount(each);
  });
  const places = from[cols]! <= 65_536 ? new Uint16Array(rows * cols) : new Int32Array(rows * cols);
  columns.forEach((values, j) => {
    for (let i = 0; i < rows; i++) places[i * cols + j] = from[j]! + binOf(bins[j]!, values[i]!);
  });
  return { rows, cols, places, from, ordered: Uint8Array.from(bins, (each) => ("edges" in each ? 1 : 0)) };
}

/** Adds rows to counts by bin. */
export function countRows({ cols, places }: BinnedRows, rows: Int32Array, counts: Int32Array): void {
  for (let i = 0; i < rows.length; i++) {
    const at = rows[i]! * cols;
    for (let k = at; k < at + cols; k++) counts[places[k]!]! += 1;
  }
}

/**
 * Distance of two groups by their counts in the bins `from` … `to` − 1: where bins have an order the largest distance between the two
 * distribution functions (Kolmogorov-Smirnov's), else half the sum of the differences of shares (total variation). 0 to 1. It is the
 * same number for the same counts, wherever it is computed: ties with a resample are ties.
 */
export function distanceOfCounts(
  { a, n, b, m }: { a: Int32Array; n: number; b: Int32Array; m: number },
  { from, to, ordered }: { from: number; to: number; ordered: boolean },
): number {
  let largest = 0;
  let gap = 0;
  let sum = 0;
  for (let k = from; k < to; k++) {
    const own = a[k]! * m - b[k]! * n;
    if (ordered) {
      gap += own;
      const size = gap < 0 ? -gap : gap;
      if (size > largest) largest = size;
    } else sum += own < 0 ? -own : own;
  }
  return (ordered ? largest : sum / 2) / (n * m);
}

/** A group of rows and what it was taken from. */
export interface Split {
  /** Counts of the group; 0 everywhere when this is done. */
  readonly group: Int32Array;
  readonly n: number;
  /** Counts of the group and the others together. */
  readonly all: Int32Array;
  readonly total: number;
}

/** The same of a group and all others, for all columns, written to `out` from `at` on. */
export function distancesOf({ cols, from, ordered }: BinnedRows, split: Split, out: Float64Array, at: number): void {
  const { group, n, all, total } = split;
  const product = n * (total - n);
  for (let j = 0; j < cols; j++) {
    const to = from[j + 1]!;
    let largest = 0;
    if (ordered[j] === 1) {
      let gap = 0;
      for (let k = from[j]!; k < to; k++) {
        gap += group[k]! * total - all[k]! * n;
        group[k] = 0;
        const size = gap < 0 ? -gap : gap;
        if (size > largest) largest = size;
      }
    } else {
      for (let k = from[j]!; k < to; k++) {
        const own = group[k]! * total - all[k]! * n;
        group[k] = 0;
        largest += own < 0 ? -own : own;
      }
      largest /= 2;
    }
    out[at + j] = largest / product;
  }
}

/**
 * By what a distance is multiplied so that it has one distribution for all sizes, where nothing differs: √(n m / (n + m)) with the small
 * sizes' correction of Stephens (1970).
 */
export function sizeFactor(n: number, m: number): number {
  const root = Math.sqrt((n * m) / (n + m));
  return root + 0.12 + 0.11 / root;
}
