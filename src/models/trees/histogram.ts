// hot loop
import { BINS, GROUP } from "./bins.js";

/** Numbers a column takes in a histogram: g and h of every bin. */
export const COLUMN_SIZE = 2 * BINS;
/** Numbers a group of columns takes. */
export const GROUP_SIZE = GROUP * COLUMN_SIZE;

/** What histograms are made of: whole numbers, of which sums are exact in any order as long as they stay under 2⁵³. */
export interface HistogramInput {
  readonly rows: number;
  readonly bins: Uint8Array;
  /** Row numbers, and in step with them g and h, in turn. */
  readonly order: Uint32Array;
  readonly sums: Float64Array;
}

/** Sums g and h by bin, for the four columns of a group over rows `begin` to `end` of `order`. */
export function buildHistogram(
  { rows, bins, order, sums }: HistogramInput,
  group: number,
  { begin, end }: { readonly begin: number; readonly end: number },
  out: Float64Array,
): void {
  out.fill(0);
  const base = group * GROUP * rows;
  for (let p = begin; p < end; p++) {
    const at = base + order[p]! * GROUP;
    const g = sums[2 * p]!;
    const h = sums[2 * p + 1]!;
    const a = 2 * bins[at]!;
    out[a]! += g;
    out[a + 1]! += h;
    const b = COLUMN_SIZE + 2 * bins[at + 1]!;
    out[b]! += g;
    out[b + 1]! += h;
    const c = 2 * COLUMN_SIZE + 2 * bins[at + 2]!;
    out[c]! += g;
    out[c + 1]! += h;
    const d = 3 * COLUMN_SIZE + 2 * bins[at + 3]!;
    out[d]! += g;
    out[d + 1]! += h;
  }
}

/** Takes one child's histogram off its parent's: what stays is the other child's. */
export function subtractHistogram(parent: Float64Array, child: Float64Array): void {
  for (let i = 0; i < parent.length; i++) parent[i]! -= child[i]!;
}
