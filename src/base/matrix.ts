import { assert } from "./assert.js";

/** Rows × columns of float64, row by row. NaN is a missing value. */
export interface Matrix {
  readonly rows: number;
  readonly cols: number;
  readonly data: Float64Array;
}

export function matrix(rows: number, cols: number, data = new Float64Array(rows * cols)): Matrix {
  assert(data.length === rows * cols, `a ${rows} × ${cols} matrix needs ${rows * cols} numbers, not ${data.length}`);
  return { rows, cols, data };
}

/** The given rows, in the given order. */
export function takeRows(x: Matrix, rows: ArrayLike<number>): Matrix {
  const out = new Float64Array(rows.length * x.cols);
  for (let i = 0; i < rows.length; i++) {
    const at = (rows[i] as number) * x.cols;
    out.set(x.data.subarray(at, at + x.cols), i * x.cols);
  }
  return { rows: rows.length, cols: x.cols, data: out };
}

/** The given columns, in the given order. */
export function takeColumns(x: Matrix, columns: ArrayLike<number>): Matrix {
  const cols = columns.length;
  const out = new Float64Array(x.rows * cols);
  for (let i = 0; i < x.rows; i++) {
    for (let j = 0; j < cols; j++) out[i * cols + j] = x.data[i * x.cols + (columns[j] as number)] as number;
  }
  return { rows: x.rows, cols, data: out };
}
