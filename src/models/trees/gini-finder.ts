// hot loop
import type { Rng } from "../../base/rng.js";
import { BINS, binsAt, GROUP } from "./bin-layout.js";
import type { BinnedTable } from "./bins.js";
import { type Bounds, type Node, type Split, type SplitFinder, UNBOUNDED } from "./growing.js";
import type { RowSet } from "./partition.js";

export interface GiniOptions {
  /** How many columns that tell its rows apart a node looks at. */
  readonly columnsMax: number;
  /** Least number of copies of rows in a leaf, and in a node that is split. */
  readonly leafMin: number;
  readonly splitMin: number;
  /** Weights of kept and churned rows. */
  readonly classWeight: readonly [number, number];
}

/** By row: label, how often the row was drawn, and of how many of its copies. */
export interface DrawnRows {
  readonly y: Uint8Array;
  readonly draws: Uint32Array;
  readonly copies: Uint32Array;
}

/** Churned draws and all draws, as g and h of nodes; all are counts, and so exact. */
interface Count {
  churned: number;
  all: number;
  copies: number;
}

/**
 * Splits by Gini impurity, weighed by class, over columns drawn afresh in each node (Breiman 2001): those that are constant in the
 * node do not count, as in scikit-learn. Equal gains go to the column drawn first, the lowest cut, and the middle of empty bins.
 */
export class GiniFinder implements SplitFinder {
  private readonly table: BinnedTable;
  private readonly rows: RowSet;
  private readonly options: GiniOptions;
  private readonly columns: Int32Array;
  private readonly counts = new Int32Array(BINS * 4);
  /** Which bins a node's rows are in: a bit each, then their numbers. */
  private readonly touched = new Int32Array(BINS / 32);
  private readonly present = new Int32Array(BINS);
  private readonly drawn: DrawnRows;
  private readonly rng: Rng;

  constructor(table: BinnedTable, rows: RowSet, options: GiniOptions, drawn: DrawnRows, rng: Rng) {
    this.table = table;
    this.rows = rows;
    this.options = options;
    this.columns = new Int32Array(table.columns.length);
    for (let k = 0; k < this.columns.length; k++) this.columns[k] = k;
    this.drawn = drawn;
    this.rng = rng;
  }

  begin(root: Node): void {
    root.best = this.bestOf(root);
  }

  descend(parents: readonly Node[]): void {
    for (const parent of parents) for (const child of parent.children ?? []) child.best = this.bestOf(child);
  }

  boundsOf(): readonly [Bounds, Bounds] {
    return [UNBOUNDED, UNBOUNDED];
  }

  private bestOf(node: Node): Split | null {
    if (node.g === 0 || node.g === node.h) return null;
    const whole: Count = { churned: node.g, all: node.h, copies: this.copiesOf(node) };
    if (whole.copies < this.options.splitMin || whole.copies < 2 * this.options.leafMin) return null;
    const { columns } = this;
    let best: Split | null = null;
    let looked = 0;
    for (let i = 0; i < columns.length && looked < this.options.columnsMax; i++) {
      const j = i + this.rng.below(columns.length - i);
      const column = columns[j]!;
      columns[j] = columns[i]!;
      columns[i] = column;
      const count = this.countBins(node, column);
      if (count < 2) {
        this.take(this.present[0]!);
        continue;
      }
      looked++;
      best = this.bestCut(column, count, whole, best);
    }
    return best;
  }

  private copiesOf({ begin, end }: Node): number {
    const { order } = this.rows;
    const { copies } = this.drawn;
    let sum = 0;
    for (let p = begin; p < end; p++) sum += copies[order[p]!]!;
    return sum;
  }

  /** Counts by bin; answers how many bins there are rows in. */
  private countBins({ begin, end }: Node, column: number): number {
    const { counts, touched, present } = this;
    const { order } = this.rows;
    const { y, draws, copies } = this.drawn;
    const { bins } = this.table;
    const at = binsAt(this.table.rows, column);
    for (let p = begin; p < end; p++) {
      const row = order[p]!;
      const bin = bins[at + row * GROUP]!;
      const own = draws[row]!;
      touched[bin >> 5]! |= 1 << (bin & 31);
      if (y[row] === 1) counts[4 * bin]! += own;
      counts[4 * bin + 1]! += own;
      counts[4 * bin + 2]! += copies[row]!;
    }
    let count = 0;
    for (let word = 0; word < touched.length; word++) {
      for (let bits = touched[word]!; bits !== 0; bits &= bits - 1) {
        present[count++] = (word << 5) + 31 - Math.clz32(bits & -bits);
      }
      touched[word] = 0;
    }
    return count;
  }

  /** The better of `best` and the best cut of a column; empties the counts behind itself. */
  private bestCut(column: number, count: number, whole: Count, best: Split | null): Split | null {
    const { counts, present } = this;
    const missing = this.take(this.table.missing[column]!);
    const parentScore = this.score(whole.churned, whole.all);
    const sides = missing.all > 0 ? 2 : 1;
    const ends = missing.all > 0 ? count - 1 : count;
    const left: Count = { churned: 0, all: 0, copies: 0 };
    let most = best === null ? Number.NEGATIVE_INFINITY : best.gain;
    let cut = -1;
    let cutChurned = 0;
    let cutAll = 0;
    let cutSide = 0;
    let last = -1;
    for (let k = 0; k < ends; k++) {
      const bin = present[k]!;
      for (let side = bin === 0 ? sides : 0; side < sides; side++) {
        const churned = left.churned + side * missing.churned;
        const all = left.all + side * missing.all;
        const copies = left.copies + side * missing.copies;
        if (copies < this.options.leafMin || whole.copies - copies < this.options.leafMin) continue;
        const gain = this.score(churned, all) + this.score(whole.churned - churned, whole.all - all) - parentScore;
        if (gain <= most) continue;
        most = gain;
        cut = last < 0 ? 0 : (last + bin - 1) >> 1;
        cutChurned = churned;
        cutAll = all;
        cutSide = side;
      }
      left.churned += counts[4 * bin]!;
      left.all += counts[4 * bin + 1]!;
      left.copies += counts[4 * bin + 2]!;
      counts[4 * bin] = 0;
      counts[4 * bin + 1] = 0;
      counts[4 * bin + 2] = 0;
      last = bin;
    }
    if (cut < 0) return best;
    return {
      column,
      cut,
      missingLeft: (sides === 1 ? 2 * cutAll >= whole.all : cutSide === 1) ? 1 : 0,
      gain: most,
      left: { g: cutChurned, h: cutAll },
      right: { g: whole.churned - cutChurned, h: whole.all - cutAll },
    };
  }

  /** The counts of a bin, which are 0 afterwards. */
  private take(bin: number): Count {
    if (bin < 0) return { churned: 0, all: 0, copies: 0 };
    const { counts } = this;
    const taken = { churned: counts[4 * bin]!, all: counts[4 * bin + 1]!, copies: counts[4 * bin + 2]! };
    counts[4 * bin] = 0;
    counts[4 * bin + 1] = 0;
    counts[4 * bin + 2] = 0;
    return taken;
  }

  /** Σ weight · p² of a part: what its impurity is less by, the rest being the same for all cuts. */
  private score(churned: number, all: number): number {
    const [kept, own] = this.options.classWeight;
    const weighted = own * churned;
    return (weighted * weighted) / (kept * (all - churned) + weighted);
  }
}
