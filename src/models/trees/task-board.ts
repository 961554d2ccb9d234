// hot loop
import type { Bounds, Split, Sums } from "./growing.js";
import type { TrainingArrays } from "./memory.js";

/** Most nodes looked at together; a family of two is never parted. */
export const TASKS_MAX = 64;
/** Numbers of a task, and of a result. */
export const BOARD_ENTRY = 8;

/** A node whose best split is wanted. */
export interface NodeTask extends Sums, Bounds {
  readonly begin: number;
  readonly end: number;
  /** Number of the histogram that is to be the node's. */
  readonly slot: number;
  /** The sibling's histogram when `slot` still is the parent's, from which it is to be taken; −1 to build from the rows. */
  readonly sibling: number;
}

/** Tasks and results as numbers in shared memory, so that any thread may do any of them. */
export class TaskBoard {
  private readonly arrays: TrainingArrays;
  private readonly columns: number;
  private readonly groups: number;

  constructor(arrays: TrainingArrays, columns: number, groups: number) {
    this.arrays = arrays;
    this.columns = columns;
    this.groups = groups;
  }

  /** @param allowed the columns that the node may be split by */
  put(
    at: number,
    { begin, end, g, h, low, high }: Omit<NodeTask, "slot" | "sibling">,
    { slot, sibling, allowed }: Pick<NodeTask, "slot" | "sibling"> & { readonly allowed: Uint8Array },
  ): void {
    this.arrays.tasks.set([begin, end, slot, sibling, g, h, low, high], at * BOARD_ENTRY);
    this.arrays.allowed.set(allowed, at * this.columns);
  }

  task(at: number): NodeTask {
    const { tasks } = this.arrays;
    const from = at * BOARD_ENTRY;
    return {
      begin: tasks[from]!,
      end: tasks[from + 1]!,
      slot: tasks[from + 2]!,
      sibling: tasks[from + 3]!,
      g: tasks[from + 4]!,
      h: tasks[from + 5]!,
      low: tasks[from + 6]!,
      high: tasks[from + 7]!,
    };
  }

  /** Whether the node may be split by the column. */
  allows(at: number, column: number): boolean {
    return this.arrays.allowed[at * this.columns + column] === 1;
  }

  /** @param split the best by any column of the group, or none */
  answer(at: number, group: number, split: Split | null): void {
    const { results } = this.arrays;
    const entry = (at * this.groups + group) * BOARD_ENTRY;
    if (split === null) {
      results[entry + 1] = -1;
      return;
    }
    const { gain, column, cut, missingLeft, left, right } = split;
    results.set([gain, column, cut, missingLeft, left.g, left.h, right.g, right.h], entry);
  }

  /** The best split by any column; the first column among equals. */
  best(at: number): Split | null {
    const { results } = this.arrays;
    let most = 0;
    let found = -1;
    for (let group = 0; group < this.groups; group++) {
      const entry = (at * this.groups + group) * BOARD_ENTRY;
      const gain = results[entry]!;
      if (results[entry + 1]! < 0 || gain <= most) continue;
      most = gain;
      found = entry;
    }
    if (found < 0) return null;
    const [gain = 0, column = 0, cut = 0, missingLeft = 0, leftG = 0, leftH = 0, rightG = 0, rightH = 0] =
      results.subarray(found, found + BOARD_ENTRY);
    const sides = { left: { g: leftG, h: leftH }, right: { g: rightG, h: rightH } };
    return { gain, column, cut, missingLeft: missingLeft === 1 ? 1 : 0, ...sides };
  }
}
