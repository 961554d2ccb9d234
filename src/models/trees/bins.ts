// hot loop
import type { Matrix } from "../../base/matrix.js";
import type { ColumnCuts } from "./bin-column.js";
import { binsAt, GROUP } from "./bin-layout.js";
import { type Crew, crewOf } from "./threads/crew.js";

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

export interface BinOptions {
  /** Columns it may look at; absent is all. */
  readonly columns?: readonly number[] | undefined;
  /** Threads that look at columns side by side; absent is this one alone. */
  readonly crew?: Crew;
}

/** Columns read together: those of one cache line. */
const BLOCK = 8;

/**
 * Weighted quantile bins of a matrix. Rows without weight have no say in the cuts, but bins. A column that is constant or wholly
 * missing among rows with weight is left out.
 */
export function binTable(x: Matrix, weights: Float64Array | null, options: BinOptions = {}): BinnedTable {
  const { crew = crewOf(1) } = options;
  const looked = options.columns ?? Array.from({ length: x.cols }, (_, j) => j);
  const sorted = [...new Set(looked)].sort((a, b) => a - b);
  const block = blockOf(x.rows, crew.threads > 1);
  const binColumns = crew.prepare("bins", { ...block, rows: x.rows, weights });
  const bins = new Uint8Array(Math.ceil(sorted.length / GROUP) * GROUP * x.rows);
  const kept: (ColumnCuts & { readonly column: number })[] = [];
  for (let first = 0; first < sorted.length; first += BLOCK) {
    const columns = sorted.slice(first, first + BLOCK);
    readColumns(x, columns, block.values);
    const found = binColumns(columns.length) as (ColumnCuts | null)[];
    columns.forEach((column, b) => {
      const own = found[b];
      if (!own) return;
      putColumn(bins, block.bins.subarray(b * x.rows, (b + 1) * x.rows), binsAt(x.rows, kept.length));
      kept.push({ column, ...own });
    });
  }
  return {
    rows: x.rows,
    columns: kept.map((own) => own.column),
    cuts: kept.map((own) => own.cuts),
    missing: Int16Array.from(kept, (own) => own.missing),
    bins: bins.subarray(0, Math.ceil(kept.length / GROUP) * GROUP * x.rows),
  };
}

/** Values of the columns of a block, one after another, and room for their bins. */
function blockOf(rows: number, shared: boolean): { readonly values: Float32Array; readonly bins: Uint8Array } {
  const memory = (bytes: number) => (shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes));
  return { values: new Float32Array(memory(4 * BLOCK * rows)), bins: new Uint8Array(memory(BLOCK * rows)) };
}

function readColumns({ rows, cols, data }: Matrix, columns: readonly number[], out: Float32Array): void {
  for (let i = 0; i < rows; i++) {
    const at = i * cols;
    for (let b = 0; b < columns.length; b++) out[b * rows + i] = data[at + columns[b]!]!;
  }
}

function putColumn(bins: Uint8Array, column: Uint8Array, at: number): void {
  for (let i = 0; i < column.length; i++) bins[at + i * GROUP] = column[i]!;
}
