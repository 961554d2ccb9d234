import { assert } from "../base/assert.js";
import type { LogisticState } from "./logistic.js";
import { standardised } from "./scaler.js";

/**
 * What each input column adds to a row's log-odds against the average training row: coefficient × standardised
 * value, 0 for a missing value and for a column that was not selected. With the intercept they add up to the margin.
 */
export function contributions(state: LogisticState, row: ArrayLike<number>): Float64Array {
  assert(row.length === state.inputs, `fitted on ${state.inputs} columns, given ${row.length}`);
  const out = new Float64Array(state.inputs);
  state.columns.forEach((column, k) => {
    const z = standardised(row[column] ?? Number.NaN, state.mean[k] ?? 0, state.scale[k] ?? 1);
    out[column] = (state.coef[k] ?? 0) * z;
  });
  return out;
}
