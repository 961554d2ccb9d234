// hot loop
import { BINS, GROUP } from "./bin-layout.js";

/** Numbers a column takes in a histogram: g and h of every bin, in turn. */
export const COLUMN_SIZE = 2 * BINS;
/** Numbers a group of columns takes. */
export const GROUP_SIZE = GROUP * COLUMN_SIZE;

/**
 * Sets a histogram to 0.
 *
 * @param at where it begins
 * @param used by column of all groups: how many of its numbers are in use, which with few rows are far from all
 */
export function clearHistogram(histograms: Float64Array, at: number, used: Int32Array, group: number): void {
  for (let k = 0; k < GROUP; k++) {
    const from = at + k * COLUMN_SIZE;
    const end = from + used[group * GROUP + k]!;
    for (let i = from; i < end; i++) histograms[i] = 0;
  }
}

/** Takes one child's histogram off its parent's: what stays is the other child's. */
export function subtractHistogram(
  histograms: Float64Array,
  parent: number,
  child: number,
  used: Int32Array,
  group: number,
): void {
  for (let k = 0; k < GROUP; k++) {
    const from = parent + k * COLUMN_SIZE;
    const end = from + used[group * GROUP + k]!;
    for (let i = from; i < end; i++) histograms[i]! -= histograms[i + child - parent]!;
  }
}
