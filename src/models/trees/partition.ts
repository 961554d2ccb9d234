// hot loop
import { binsAt, GROUP } from "./bin-layout.js";
import type { BinnedTable } from "./bins.js";
import type { Split } from "./growing.js";

/** Numbers of the rows that a tree grows on, node by node; within a node they ascend. */
export interface RowSet {
  readonly order: Uint32Array;
  /** As long as `order`. */
  readonly spare: Uint32Array;
}

export function rowSet(rows: number): RowSet {
  return { order: new Uint32Array(rows), spare: new Uint32Array(rows) };
}

/** Which rows go left. */
type Rule = Pick<Split, "column" | "cut" | "missingLeft">;

/** The places in `RowSet.order` of a node's rows. */
interface Places {
  readonly begin: number;
  readonly end: number;
}

/** Numbers that a division takes in shared memory: its own, and where the right begin. */
export const DIVISION_ENTRY = 6;
const MIDDLE = 5;

export function putDivision(out: Int32Array, at: number, { begin, end }: Places, rule: Rule): void {
  out.set([begin, end, rule.column, rule.cut, rule.missingLeft], at * DIVISION_ENTRY);
}

/** Where the right begin, once it is done. */
export function middleOf(divisions: Int32Array, at: number): number {
  return divisions[at * DIVISION_ENTRY + MIDDLE]!;
}

/** Does the division of a number. */
export function divide(
  table: Pick<BinnedTable, "rows" | "bins" | "missing">,
  { divisions, ...rows }: RowSet & { readonly divisions: Int32Array },
  at: number,
): void {
  const from = at * DIVISION_ENTRY;
  const places = { begin: divisions[from]!, end: divisions[from + 1]! };
  const missingLeft = divisions[from + 4] === 1 ? 1 : 0;
  const rule = { column: divisions[from + 2]!, cut: divisions[from + 3]!, missingLeft } as const;
  divisions[from + MIDDLE] = partition(table, rows, places, rule);
}

/** Moves the rows of a node that go left before those that go right, each in their order; answers where the right begin. */
export function partition(
  { rows, bins, missing }: Pick<BinnedTable, "rows" | "bins" | "missing">,
  { order, spare }: RowSet,
  { begin, end }: Places,
  { column, cut, missingLeft }: Rule,
): number {
  const at = binsAt(rows, column);
  // A bin that no row has, when missing rows go right: then they are above the cut as any bin there is.
  const leftToo = missingLeft === 1 ? missing[column]! : -1;
  let left = begin;
  let right = begin;
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
  order.set(spare.subarray(begin, right), left);
  return left;
}
