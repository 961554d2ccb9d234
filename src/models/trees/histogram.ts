// hot loop
import { BINS, GROUP } from "./bin-layout.js";

/** Numbers a column takes in a histogram: g and h of every bin, in turn. */
export const COLUMN_SIZE = 2 * BINS;
/** Numbers a group of columns takes. */
export const GROUP_SIZE = GROUP * COLUMN_SIZE;

/** Takes one child's histogram off its parent's: what stays is the other child's. */
export function subtractHistogram(parent: Float64Array, child: Float64Array): void {
  for (let i = 0; i < parent.length; i++) parent[i]! -= child[i]!;
}
