// hot loop
import { type BinnedTable, GROUP } from "./bins.js";
import type { Node, Split } from "./growing.js";
import { buildHistogram, COLUMN_SIZE, GROUP_SIZE, type HistogramInput, subtractHistogram } from "./histogram.js";
import { bestOfColumn, type Regularisation } from "./second-order.js";

/** A node whose best split is wanted. */
export interface NodeTask {
  readonly node: Node;
  /** Number of the histogram that is to be the node's. */
  readonly slot: number;
  /** The sibling's histogram when `slot` still is the parent's, from which it is to be taken; −1 to build from the rows. */
  readonly sibling: number;
  /** 1 for the columns that the node may be split by. */
  readonly allowed: Uint8Array;
}

export interface GroupWork {
  readonly table: BinnedTable;
  readonly input: HistogramInput;
  /** Histograms one after another, `size` numbers each. */
  readonly histograms: Float64Array;
  readonly size: number;
  readonly regularisation: Regularisation;
  /** By column. */
  readonly monotone: Int8Array;
}

/** The four columns of a group through all tasks in their order: histograms, then the best splits, of column after column. */
export function workGroup(work: GroupWork, group: number, tasks: readonly NodeTask[]): readonly (Split | null)[][] {
  const { table, histograms, size } = work;
  const at = (slot: number) => {
    const from = slot * size + group * GROUP_SIZE;
    return histograms.subarray(from, from + GROUP_SIZE);
  };
  return tasks.map(({ node, slot, sibling, allowed }) => {
    const own = at(slot);
    if (sibling < 0) buildHistogram(work.input, group, node, own);
    else subtractHistogram(own, at(sibling));
    const found: (Split | null)[] = [];
    for (let k = 0; k < GROUP; k++) {
      const column = group * GROUP + k;
      if (column >= table.columns.length) break;
      const count = table.missing[column]! + 1;
      const bins = own.subarray(k * COLUMN_SIZE, k * COLUMN_SIZE + 2 * count);
      const asked = { column, bins, count, monotone: work.monotone[column] as -1 | 0 | 1 };
      found.push(allowed[column] === 1 ? bestOfColumn(node, asked, work.regularisation) : null);
    }
    return found;
  });
}
