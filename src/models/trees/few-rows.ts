// hot loop
import { BINS, GROUP } from "./bin-layout.js";
import type { TrainingArrays } from "./memory.js";

/** Nodes of at most so many rows are looked at row by row: fewer bins hold one than a histogram would have. */
export const FEW = 128;

interface Rows {
  readonly begin: number;
  readonly end: number;
}

/** A column of a node of few rows: as in a histogram, but that only the bins with rows in them are listed. */
export class FewRows {
  /** g and h by bin, in turn. */
  readonly bins = new Float64Array(2 * BINS);
  /** The bins that rows are in, ascending: the first `count`. */
  readonly present = new Int32Array(BINS);
  count = 0;
  private readonly touched = new Int32Array(BINS / 32);
  private readonly arrays: TrainingArrays;
  private readonly rows: number;

  constructor(arrays: TrainingArrays, rows: number) {
    this.arrays = arrays;
    this.rows = rows;
  }

  /** Sums column k of a group over the rows of a node. */
  sum({ begin, end }: Rows, group: number, k: number): void {
    const { order, rowSums, bins: binOf } = this.arrays;
    const { bins, touched, present } = this;
    for (let i = 0; i < this.count; i++) {
      bins[2 * present[i]!] = 0;
      bins[2 * present[i]! + 1] = 0;
    }
    const at = group * GROUP * this.rows + k;
    for (let p = begin; p < end; p++) {
      const row = order[p]!;
      const bin = binOf[at + row * GROUP]!;
      bins[2 * bin]! += rowSums[2 * row]!;
      bins[2 * bin + 1]! += rowSums[2 * row + 1]!;
      touched[bin >> 5]! |= 1 << (bin & 31);
    }
    let count = 0;
    for (let word = 0; word < touched.length; word++) {
      for (let bits = touched[word]!; bits !== 0; bits &= bits - 1) {
        present[count++] = (word << 5) + 31 - Math.clz32(bits & -bits);
      }
      touched[word] = 0;
    }
    this.count = count;
  }

  /** Takes the rows of a node off the histogram of a group, which begins at `own`. */
  takeOff({ begin, end }: Rows, group: number, own: number, columnSize: number): void {
    const { order, rowSums, bins: binOf, histograms } = this.arrays;
    const at = group * GROUP * this.rows;
    for (let p = begin; p < end; p++) {
      const row = order[p]!;
      const g = rowSums[2 * row]!;
      const h = rowSums[2 * row + 1]!;
      for (let k = 0; k < GROUP; k++) {
        const to = own + k * columnSize + 2 * binOf[at + row * GROUP + k]!;
        histograms[to]! -= g;
        histograms[to + 1]! -= h;
      }
    }
  }
}
