// hot loop
import type { Matrix } from "../../base/matrix.js";
import { comparable, cutsOf, LARGEST } from "./cuts.js";
import { FloatOrder } from "./float-order.js";

/** A column has at most 255 bins of values and one of missing. */
export const BINS = 256;
/** Columns whose bins lie side by side, so that one read fetches those of a row. */
export const GROUP = 4;

/** The columns of a matrix that tell rows apart, each value replaced by the number of its bin. */
export interface BinnedTable {
  readonly rows: number;
  /** Numbers of the columns in the matrix, ascending; below they go by their place here. */
  readonly columns: readonly number[];
  /** By column, ascending: a value below `cuts[k]` and not below `cuts[k − 1]` is in bin k. Missing is bin `cuts.length + 1`. */
  readonly cuts: readonly Float32Array[];
  readonly missing: Uint8Array;
  /** Group by group of four columns, in it row by row, in it column by column. */
  readonly bins: Uint8Array;
}

/** Where the bin of a column's first row lies in `bins`; the next row's is `GROUP` further. */
export function binsAt(rows: number, column: number): number {
  return (column >> 2) * GROUP * rows + (column & 3);
}

export interface BinOptions {
  /** Columns it may look at; absent is all. */
  readonly columns?: readonly number[] | undefined;
  /** Most bins of values in a column, 2 to 255. */
  readonly binsMax?: number;
  /** Where the bins are to lie: how many bytes of zeros are wanted. */
  readonly allocate?: (bytes: number) => Uint8Array;
}

/** Columns read together: those of one cache line. */
const BLOCK = 8;

/**
 * Weighted quantile bins of a matrix. Rows without weight have no say in the cuts, but bins. A column that is constant or wholly
 * missing among rows with weight is left out.
 */
export function binTable(x: Matrix, weights: Float64Array | null, options: BinOptions = {}): BinnedTable {
  const looked = options.columns ?? Array.from({ length: x.cols }, (_, j) => j);
  const sorted = [...new Set(looked)].sort((a, b) => a - b);
  const binner = new ColumnBinner(x.rows, weights, options.binsMax ?? BINS - 1);
  const kept: { column: number; cuts: Float32Array; bins: Uint8Array }[] = [];
  const block = Array.from({ length: BLOCK }, () => new Float32Array(x.rows));
  const allocate = options.allocate ?? ((bytes: number) => new Uint8Array(bytes));
  for (let first = 0; first < sorted.length; first += BLOCK) {
    const columns = sorted.slice(first, first + BLOCK);
    readColumns(x, columns, block);
    columns.forEach((column, b) => {
      const found = binner.of(block[b]!);
      if (found !== null) kept.push({ column, ...found });
    });
  }
  const bins = allocate(Math.ceil(kept.length / GROUP) * GROUP * x.rows);
  kept.forEach((own, k) => {
    const at = binsAt(x.rows, k);
    for (let i = 0; i < x.rows; i++) bins[at + i * GROUP] = own.bins[i]!;
  });
  return {
    rows: x.rows,
    columns: kept.map((own) => own.column),
    cuts: kept.map((own) => own.cuts),
    missing: Uint8Array.from(kept, (own) => own.cuts.length + 1),
    bins,
  };
}

function readColumns({ rows, cols, data }: Matrix, columns: readonly number[], block: readonly Float32Array[]): void {
  for (let i = 0; i < rows; i++) {
    const at = i * cols;
    for (let b = 0; b < columns.length; b++) block[b]![i] = data[at + columns[b]!]!;
  }
}

class ColumnBinner {
  private readonly sorter: FloatOrder;
  private readonly present: Uint32Array;
  private readonly keys: Float32Array;
  private readonly values: Float32Array;
  private readonly totals: Float64Array;
  private readonly weights: Float64Array | null;
  private readonly binsMax: number;

  constructor(rows: number, weights: Float64Array | null, binsMax: number) {
    this.sorter = new FloatOrder(rows);
    this.present = new Uint32Array(rows);
    this.keys = new Float32Array(rows);
    this.values = new Float32Array(rows);
    this.totals = new Float64Array(rows);
    this.weights = weights;
    this.binsMax = binsMax;
  }

  /** Cuts and bins of one column; null when it tells nothing. */
  of(column: Float32Array): { cuts: Float32Array; bins: Uint8Array } | null {
    const { present, keys, weights } = this;
    let count = 0;
    let missingWeight = 0;
    for (let i = 0; i < column.length; i++) {
      const value = comparable(column[i]!);
      if (value !== value) {
        missingWeight += weights === null ? 1 : weights[i]!;
      } else {
        keys[count] = value;
        present[count++] = i;
      }
    }
    const sorted = keys.subarray(0, count);
    const order = this.sorter.of(sorted);
    const cuts = this.cutsOf(sorted, order, missingWeight > 0);
    if (cuts.length === 0) return null;
    const bins = new Uint8Array(column.length).fill(cuts.length + 1);
    let bin = 0;
    for (let i = 0; i < count; i++) {
      const value = sorted[order[i]!]!;
      while (bin < cuts.length && value >= cuts[bin]!) bin++;
      bins[present[order[i]!]!] = bin;
    }
    return { cuts, bins };
  }

  /** Where values are missing the first cut is below all others, so that missing can be told from all of them. */
  private cutsOf(keys: Float32Array, order: Uint32Array, anyMissing: boolean): Float32Array {
    const { values, totals, weights, present } = this;
    let count = 0;
    for (let i = 0; i < order.length; i++) {
      const at = order[i]!;
      const weight = weights === null ? 1 : weights[present[at]!]!;
      if (weight <= 0) continue;
      const value = keys[at]!;
      if (count === 0 || values[count - 1] !== value) {
        values[count] = value;
        totals[count++] = 0;
      }
      totals[count - 1]! += weight;
    }
    const parted = anyMissing && count > 0 && values[0]! > -LARGEST;
    const cuts = cutsOf({ values, weights: totals, count }, parted ? this.binsMax - 1 : this.binsMax);
    return Float32Array.from(parted ? [-LARGEST, ...cuts] : cuts);
  }
}
