// hot loop
import { assert } from "../../base/assert.js";
import { sigmoid } from "../../base/math/sigmoid.js";
import { type Matrix, takeColumns } from "../../base/matrix.js";
import { fitLogistic, type LogisticState, logisticMargin } from "../logistic.js";
import { type Intervals, personPeriods, type WatchedFollowUp } from "./person-period.js";

export interface HazardParams extends Intervals {
  /** Columns it looks at, in this order. */
  readonly columns: readonly number[];
  /** Inverse strength of the ridge penalty; it multiplies the loss summed over all intervals of all rows. */
  readonly C: number;
}

/** Plain data, as every model. */
export interface HazardState extends Intervals {
  readonly kind: "hazard";
  /** Columns of the matrices it predicts from, and those it looks at. */
  readonly inputs: number;
  readonly columns: readonly number[];
  /** Log-odds of the event in an interval, less the interval's own part: over the columns, and one more a interval that is 0. */
  readonly logistic: LogisticState;
}

/**
 * Discrete-time hazard (Cox 1972; Singer & Willett 1993): log-odds of the event in each interval since the cutoff, for who came into it,
 * are a line in the features plus the interval's own part. Rows of a user at several cutoffs are stacked (a landmark supermodel, van
 * Houwelingen 2007). The penalty draws intervals towards a common hazard too, and one that nobody was followed through has just that.
 * Fails with SINGLE_CLASS where no row has the event in an interval, or all have it in the first.
 */
export function fitHazard(x: Matrix, followUp: WatchedFollowUp, params: HazardParams): HazardState {
  assert(followUp.days.length === x.rows && followUp.event.length === x.rows, "one follow-up a row");
  const { intervalDays, intervals, columns, C } = params;
  const { row, interval, y } = personPeriods(followUp, params);
  const seen = columns.length;
  const cols = seen + intervals;
  const data = new Float64Array(row.length * cols);
  for (let i = 0; i < row.length; i++) {
    for (let j = 0; j < seen; j++) data[i * cols + j] = x.data[row[i]! * x.cols + columns[j]!]!;
    data[i * cols + seen + interval[i]!] = 1;
  }
  const design = { rows: row.length, cols, data };
  const logistic = fitLogistic(design, y, null, { penalty: "l2", C, classWeight: null, selectK: null });
  return { kind: "hazard", inputs: x.cols, columns, intervalDays, intervals, logistic };
}

/** Log-odds by which rows differ, the same in every interval: the larger, the sooner. */
export function hazardRisk(state: HazardState, x: Matrix): Float64Array {
  assert(x.cols === state.inputs, `fitted on ${state.inputs} columns, given ${x.cols}`);
  const seen = takeColumns(x, state.columns);
  const cols = seen.cols + state.intervals;
  const data = new Float64Array(x.rows * cols);
  for (let i = 0; i < x.rows; i++) {
    data.set(seen.data.subarray(i * seen.cols, (i + 1) * seen.cols), i * cols);
  }
  return logisticMargin(state.logistic, { rows: x.rows, cols, data });
}

/** P(no event by the end of each interval), rows × intervals. */
export function survivalCurves(state: HazardState, x: Matrix): Matrix {
  const risk = hazardRisk(state, x);
  const { intervals, columns, logistic } = state;
  const own = new Float64Array(intervals);
  for (let k = 0; k < intervals; k++) {
    own[k] = logistic.coef[columns.length + k]! / logistic.scale[columns.length + k]!;
  }
  const data = new Float64Array(x.rows * intervals);
  for (let i = 0; i < x.rows; i++) {
    let survival = 1;
    for (let k = 0; k < intervals; k++) {
      survival *= 1 - sigmoid(risk[i]! + own[k]!);
      data[i * intervals + k] = survival;
    }
  }
  return { rows: x.rows, cols: intervals, data };
}

/**
 * Expected days until the event within the cap, intervals · intervalDays: the restricted mean, the area under each curve up to there
 * (Irwin 1949; Royston & Parmar 2013). The hazard is taken to be even inside an interval.
 */
export function expectedDaysLeft(curves: Matrix, intervalDays: number): Float64Array {
  const out = new Float64Array(curves.rows);
  for (let i = 0; i < out.length; i++) {
    let before = 1;
    for (let k = 0; k < curves.cols; k++) {
      const after = curves.data[i * curves.cols + k]!;
      out[i]! += intervalDays * logarithmicMean(before, after);
      before = after;
    }
  }
  return out;
}

/** P(no event by `days` after the cutoff), one a row; the hazard is even inside an interval, and `days` at most the cap. */
export function survivalAt(curves: Matrix, days: number, intervalDays: number): Float64Array {
  const k = Math.min(Math.max(Math.ceil(days / intervalDays) - 1, 0), curves.cols - 1);
  const share = days / intervalDays - k;
  const out = new Float64Array(curves.rows);
  for (let i = 0; i < out.length; i++) {
    const before = k === 0 ? 1 : curves.data[i * curves.cols + k - 1]!;
    const after = curves.data[i * curves.cols + k]!;
    out[i] = share >= 1 ? after : before ** (1 - share) * after ** share;
  }
  return out;
}

/** Mean of a ↘ b along an exponential: (a − b) ÷ ln(a ÷ b). */
function logarithmicMean(a: number, b: number): number {
  if (b <= 0) return 0;
  const fall = Math.log(a / b);
  return fall < 1e-8 ? (a + b) / 2 : (a - b) / fall;
}
