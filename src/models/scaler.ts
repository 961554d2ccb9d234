import { assert } from "../base/assert.js";
import type { Matrix } from "../base/matrix.js";

/** Mean and scale a column, in column order. */
export interface ScalerState {
  readonly mean: readonly number[];
  readonly scale: readonly number[];
}

/**
 * Weighted mean and standard deviation (ddof 0) of the present values of each column, as scikit-learn's
 * StandardScaler. A constant column gets its value and 1; a column without values 0 and 1.
 */
export function fitScaler(x: Matrix, weights: Float64Array | null): ScalerState {
  const { rows, cols, data } = x;
  const { mean, total } = columnMeans(x, weights);
  const squares = new Float64Array(cols);
  // Hot loop.
  for (let i = 0, at = 0; i < rows; i++) {
    const weight = weights === null ? 1 : weights[i]!;
    for (let j = 0; j < cols; j++, at++) {
      const away = data[at]! - mean[j]!;
      if (weight > 0 && !Number.isNaN(away)) squares[j]! += weight * away * away;
    }
  }
  const scale = Array.from(squares, (sum, j) => (sum > 0 ? Math.sqrt(sum / total[j]!) : 1));
  return { mean: Array.from(mean), scale };
}

/** Weighted means of present values; the mean of a constant column is its value to the last bit. */
function columnMeans(x: Matrix, weights: Float64Array | null): { mean: Float64Array; total: Float64Array } {
  const { rows, cols, data } = x;
  const total = new Float64Array(cols);
  const mean = new Float64Array(cols);
  const low = new Float64Array(cols).fill(Number.POSITIVE_INFINITY);
  const high = new Float64Array(cols).fill(Number.NEGATIVE_INFINITY);
  // Hot loop.
  for (let i = 0, at = 0; i < rows; i++) {
    const weight = weights === null ? 1 : weights[i]!;
    for (let j = 0; j < cols; j++, at++) {
      const value = data[at]!;
      if (weight > 0 && !Number.isNaN(value)) {
        total[j]! += weight;
        mean[j]! += weight * value;
        if (value < low[j]!) low[j] = value;
        if (value > high[j]!) high[j] = value;
      }
    }
  }
  for (let j = 0; j < cols; j++) {
    mean[j] = low[j] === high[j] ? low[j]! : total[j] === 0 ? 0 : mean[j]! / total[j]!;
    assert(Number.isFinite(mean[j]), `column ${j} holds a value that is neither finite nor missing`);
  }
  return { mean, total };
}

/** The columns of `x` less their mean, over their scale; a missing value becomes 0, that is the mean. */
export function standardise(state: ScalerState, x: Matrix): Matrix {
  assert(state.mean.length === x.cols, `scaled on ${state.mean.length} columns, given ${x.cols}`);
  const mean = Float64Array.from(state.mean);
  const scale = Float64Array.from(state.scale);
  const data = new Float64Array(x.data.length);
  // Hot loop.
  for (let i = 0, at = 0; i < x.rows; i++) {
    for (let j = 0; j < x.cols; j++, at++) data[at] = standardised(x.data[at]!, mean[j]!, scale[j]!);
  }
  return { rows: x.rows, cols: x.cols, data };
}

/** One value, standardised; missing becomes 0. */
export function standardised(value: number, mean: number, scale: number): number {
  return Number.isNaN(value) ? 0 : (value - mean) / scale;
}
