// hot loop
import type { Matrix } from "../../base/matrix.js";
import { QuantileSketch } from "./quantile-sketch.js";

/** Bins of a column at most, that of missing values among them. */
export const BINS = 256;
/** Columns whose bins lie side by side, so that one read fetches those of a row. */
export const GROUP = 4;

/** The columns of a matrix that tell rows apart, each value replaced by the number of its bin. */
export interface BinnedTable {
  readonly rows: number;
  /** Numbers of the columns in the matrix, ascending; below they go by their place here. */
  readonly columns: readonly number[];
  /** By column, ascending: a value below `cuts[k]` and not below `cuts[k − 1]` is in bin k. */
  readonly cuts: readonly Float32Array[];
  /** By column: the bin of missing values, which is the last; −1 where none is missing. */
  readonly missing: Int16Array;
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
  /** Where the bins are to lie: how many bytes of zeros are wanted. */
  readonly allocate?: (bytes: number) => Uint8Array;
}

interface BinnedColumn {
  readonly column: number;
  readonly cuts: Float32Array;
  readonly missing: number;
  readonly bins: Uint8Array;
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
  const binner = new ColumnBinner(x.rows, weights);
  const kept: BinnedColumn[] = [];
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
    missing: Int16Array.from(kept, (own) => own.missing),
    bins,
  };
}

function readColumns({ rows, cols, data }: Matrix, columns: readonly number[], block: readonly Float32Array[]): void {
  for (let i = 0; i < rows; i++) {
    const at = i * cols;
    for (let b = 0; b < columns.length; b++) block[b]![i] = data[at + columns[b]!]!;
  }
}

/** Float32 has no larger finite number: infinities are taken for it, as JSON and ONNX have no infinite thresholds. */
const LARGEST = 3.4028234663852886e38;

class ColumnBinner {
  private readonly sketch: QuantileSketch;
  private readonly weights: Float64Array | null;

  constructor(rows: number, weights: Float64Array | null) {
    // By weight, so that a row of weight 2 is sketched as the row twice.
    const total = weights === null ? rows : weights.reduce((sum, weight) => sum + weight, 0);
    this.sketch = new QuantileSketch(Math.max(rows, Math.ceil(total)), BINS);
    this.weights = weights;
  }

  /** Cuts and bins of one column, whose infinities are made finite; null when it tells nothing. */
  of(column: Float32Array): Omit<BinnedColumn, "column"> | null {
    const { weights, sketch } = this;
    let lowest = Number.POSITIVE_INFINITY;
    let missing = false;
    let missingWeight = 0;
    for (let i = 0; i < column.length; i++) {
      const value = Math.min(Math.max(column[i]!, -LARGEST), LARGEST);
      column[i] = value;
      const weight = weights === null ? 1 : weights[i]!;
      if (Number.isNaN(value)) {
        missing = true;
        missingWeight += weight;
        continue;
      }
      if (weight === 0) continue;
      sketch.push(value, weight);
      if (value < lowest) lowest = value;
    }
    // Missing values take a bin, and where there are any the first cut is below all others, so that missing can be told from all of them.
    const found = sketch.cuts(missing ? BINS - 2 : BINS);
    const parted = missingWeight > 0 && lowest > -LARGEST && lowest <= LARGEST;
    const cuts = Float32Array.from(parted ? [-LARGEST, ...found] : found);
    if (cuts.length === 0) return null;
    const missingBin = missing ? cuts.length + 1 : -1;
    return { cuts, missing: missingBin, bins: binsOf(column, cuts, missingBin) };
  }
}

function binsOf(column: Float32Array, cuts: Float32Array, missing: number): Uint8Array {
  const bins = new Uint8Array(column.length);
  const half = 2 ** Math.floor(Math.log2(cuts.length));
  for (let i = 0; i < column.length; i++) {
    const value = column[i]!;
    // How many cuts are not above the value: steps of halving length.
    let bin = 0;
    for (let step = half; step > 0; step >>= 1) {
      if (bin + step <= cuts.length && cuts[bin + step - 1]! <= value) bin += step;
    }
    bins[i] = Number.isNaN(value) ? missing : bin;
  }
  return bins;
}
