import { sortedQuantile } from "../base/math/sorting.js";
import type { Matrix } from "../base/matrix.js";

/** Where the values of a feature lay in the rows that were learned from: of the present ones the 1st, 10th, 20th … 90th and 99th percentile. */
export type FeatureRange = readonly number[];

const SHARES = [0.01, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99];
const MEDIAN = SHARES.indexOf(0.5);

/** By column; empty where all is missing. */
export function featureRanges({ rows, cols, data }: Matrix): FeatureRange[] {
  return Array.from({ length: cols }, (_, j) => {
    const present: number[] = [];
    for (let i = 0; i < rows; i++) {
      const value = data[i * cols + j] ?? Number.NaN;
      if (!Number.isNaN(value)) present.push(value);
    }
    const sorted = Float64Array.from(present).sort();
    return sorted.length === 0 ? [] : SHARES.map((share) => sortedQuantile(sorted, share));
  });
}

export function medianOf(range: FeatureRange | undefined): number {
  return range?.[MEDIAN] ?? Number.NaN;
}
