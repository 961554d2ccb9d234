import { type LogisticState, seenBy } from "./logistic.js";
import { standardised } from "./scaler.js";

/** What each column adds to a row's log-odds, and the row's values in step: the inputs, then P(of each kind). */
export interface Contributions {
  readonly effects: Float64Array;
  readonly values: Float64Array;
}

/**
 * Effects against the average training row: coefficient × standardised value, 0 for a missing value and for a column
 * that was not selected. With the intercept they add up to the margin.
 */
export function contributions(state: LogisticState, row: ArrayLike<number>): Contributions {
  return contributionsOfSeen(state, seenBy(state, { rows: 1, cols: row.length, data: Float64Array.from(row) }).data);
}

/** @param values of one row, as `seenBy` gives them */
export function contributionsOfSeen(state: LogisticState, values: Float64Array): Contributions {
  const effects = new Float64Array(values.length);
  state.columns.forEach((column, k) => {
    const z = standardised(values[column] ?? Number.NaN, state.mean[k] ?? 0, state.scale[k] ?? 1);
    effects[column] = (state.coef[k] ?? 0) * z;
  });
  return { effects, values };
}
