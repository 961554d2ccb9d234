// hot loop
import { type BinnedTable, binsAt, GROUP } from "./bins.js";

/** Numbers of the rows that a tree grows on, node by node; within a node they ascend. */
export interface RowSet {
  readonly order: Uint32Array;
  /** As long as `order`. */
  readonly spare: Uint32Array;
  count: number;
}

export function rowSet(rows: number): RowSet {
  return { order: new Uint32Array(rows), spare: new Uint32Array(rows), count: 0 };
}

/** Moves the rows of a node that go left before those that go right, each in their order; answers where the right begin. */
export function partition(
  { rows, bins, missing }: BinnedTable,
  { order, spare }: RowSet,
  { begin, end }: { readonly begin: number; readonly end: number },
  split: { readonly column: number; readonly cut: number; readonly missingLeft: 0 | 1 },
): number {
  const at = binsAt(rows, split.column);
  const { cut } = split;
  // A bin that no row has, when missing rows go right: then they are above the cut as any bin there is.
  const leftToo = split.missingLeft === 1 ? missing[split.column]! : -1;
  let left = begin;
  let right = 0;
  for (let p = begin; p < end; p++) {
    const row = order[p]!;
    const bin = bins[at + row * GROUP]!;
    // Without a branch to guess: both places are written, one of them moves on.
    const goes = (bin <= cut ? 1 : 0) | (bin === leftToo ? 1 : 0);
    order[left] = row;
    spare[right] = row;
    left += goes;
    right += 1 - goes;
  }
  order.set(spare.subarray(0, right), left);
  return left;
}
