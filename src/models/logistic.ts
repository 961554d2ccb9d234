import { assert } from "../base/assert.js";
import { sigmoid } from "../base/math/sigmoid.js";
import { type Matrix, takeColumns } from "../base/matrix.js";
import type { Estimator } from "./estimator.js";
import { type KindsState, withKinds } from "./kinds.js";
import type { LogisticProblem } from "./logistic-loss.js";
import { lasso, ridge } from "./logistic-penalty.js";
import { minimise } from "./logistic-solver.js";
import { fitScaler, standardise, standardised } from "./scaler.js";
import { fOfStandardised, selectKBest } from "./select-k-best.js";
import { classTotals } from "./two-classes.js";

export interface LogisticParams {
  readonly penalty: "l2" | "l1";
  /** Inverse strength of the penalty: it multiplies the summed loss. */
  readonly C: number;
  /** Weights of kept and churned rows; "balanced" is n / (2 n_class). Predictions then need recalibration. */
  readonly classWeight: null | "balanced" | readonly [number, number];
  /** Columns it may look at; absent is all. */
  readonly columns?: readonly number[];
  /** How many of those, of largest F, are kept; null keeps all. */
  readonly selectK: number | null;
}

/** `columns`, `mean`, `scale` and `coef` run in step: one entry a selected column. Columns from `inputs` on are those of `kinds`. */
export interface LogisticState {
  readonly kind: "logistic";
  /** Columns of the matrices it predicts from. */
  readonly inputs: number;
  readonly columns: readonly number[];
  readonly mean: readonly number[];
  readonly scale: readonly number[];
  /** Log-odds a standard deviation. */
  readonly coef: readonly number[];
  readonly intercept: number;
  /** What P(of a kind) is worked out by, where the model looks at it. */
  readonly kinds?: KindsState;
}

/**
 * Impute by the mean → standardise → keep the best k → penalised logistic regression: minimises
 * C Σ weight · classWeight · log loss + penalty, penalty ½ Σ w² (l2) or Σ |w| (l1), the intercept free: what
 * scikit-learn's LogisticRegression minimises, to about 1e-10. A `start` from a nearby fit saves steps and
 * changes the answer by rounding only. Fails with SINGLE_CLASS.
 */
export function fitLogistic(
  x: Matrix,
  y: Uint8Array,
  weights: Float64Array | null,
  params: LogisticParams,
  start: LogisticState | null = null,
): LogisticState {
  assert(y.length === x.rows, "one label a row");
  assert(params.C > 0, `C must be positive, not ${params.C}`);
  const totals = classTotals(y, weights);
  const seen = params.columns === undefined ? x : takeColumns(x, params.columns);
  const scaler = fitScaler(seen, weights);
  const z = standardise(scaler, seen);
  const kept =
    params.selectK === null
      ? Array.from({ length: z.cols }, (_, k) => k)
      : selectKBest(fOfStandardised(z, y, weights, totals), params.selectK);
  const columns = kept.map((k) => params.columns?.[k] ?? k);
  const problem = problemOf(z, kept, { y, weights, params, totals });
  const first = startOf(columns, start, totals);
  const { beta } = minimise(problem, params.penalty === "l2" ? ridge : lasso, first);
  return {
    kind: "logistic",
    inputs: x.cols,
    columns,
    mean: kept.map((k) => scaler.mean[k] ?? 0),
    scale: kept.map((k) => scaler.scale[k] ?? 1),
    coef: Array.from(beta.subarray(0, columns.length)),
    intercept: beta[columns.length] ?? 0,
  };
}

interface Labels {
  readonly y: Uint8Array;
  readonly weights: Float64Array | null;
  readonly params: LogisticParams;
  readonly totals: readonly [number, number];
}

/** Selected columns with a last one of ones, and C · class weight · row weight. Rows without weight stay, at no force. */
function problemOf(z: Matrix, columns: readonly number[], labels: Labels): LogisticProblem {
  const { y, weights, params, totals } = labels;
  const dim = columns.length + 1;
  const design = new Float64Array(z.rows * dim);
  const force = forceOf(params, totals);
  const weight = new Float64Array(z.rows);
  // Hot loop.
  for (let i = 0; i < z.rows; i++) {
    for (let k = 0; k < columns.length; k++) design[i * dim + k] = z.data[i * z.cols + columns[k]!]!;
    design[i * dim + dim - 1] = 1;
    weight[i] = force[y[i] === 1 ? 1 : 0] * (weights === null ? 1 : weights[i]!);
  }
  return { rows: z.rows, dim, design, y, weight };
}

function forceOf({ C, classWeight }: LogisticParams, [zero, one]: readonly [number, number]): [number, number] {
  if (classWeight === null) return [C, C];
  if (classWeight !== "balanced") return [C * classWeight[0], C * classWeight[1]];
  return [(C * (zero + one)) / (2 * zero), (C * (zero + one)) / (2 * one)];
}

function startOf(
  columns: readonly number[],
  start: LogisticState | null,
  [zero, one]: readonly [number, number],
): Float64Array {
  if (start === null) return Float64Array.from([...columns.map(() => 0), Math.log(one / zero)]);
  const known = new Map(start.columns.map((column, k) => [column, start.coef[k] ?? 0]));
  return Float64Array.from([...columns.map((column) => known.get(column) ?? 0), start.intercept]);
}

/** The rows as the coefficients see them: with the columns of the kinds, where there are any. */
export function seenBy(state: LogisticState, rows: Matrix): Matrix {
  assert(rows.cols === state.inputs, `fitted on ${state.inputs} columns, given ${rows.cols}`);
  return state.kinds === undefined ? rows : withKinds(state.kinds, rows);
}

/** Log-odds of churn, one a row. */
export function logisticMargin(state: LogisticState, rows: Matrix): Float64Array {
  return marginOfSeen(state, seenBy(state, rows));
}

/** @param x rows as `seenBy` gives them */
export function marginOfSeen(state: LogisticState, x: Matrix): Float64Array {
  const out = new Float64Array(x.rows);
  // Hot loop.
  for (let i = 0; i < x.rows; i++) {
    let eta = state.intercept;
    for (let k = 0; k < state.columns.length; k++) {
      const value = x.data[i * x.cols + state.columns[k]!]!;
      eta += state.coef[k]! * standardised(value, state.mean[k]!, state.scale[k]!);
    }
    out[i] = eta;
  }
  return out;
}

const plain = { classWeight: null, selectK: null } as const;

export const logistic: Estimator<LogisticParams, LogisticState> = {
  name: "logistic",
  defaults: { penalty: "l2", C: 0.1, ...plain },
  space: {
    grid: [
      { penalty: "l2", C: 0.001, ...plain },
      { penalty: "l2", C: 0.01, ...plain },
      { penalty: "l2", C: 0.1, ...plain },
      { penalty: "l2", C: 1, ...plain },
      { penalty: "l1", C: 0.01, ...plain },
      { penalty: "l1", C: 0.1, ...plain },
      { penalty: "l2", C: 0.1, classWeight: null, selectK: 20 },
      { penalty: "l2", C: 0.1, classWeight: "balanced", selectK: null },
    ],
    ranges: {
      penalty: { kind: "choice", values: ["l2", "l1"] },
      C: { kind: "logUniform", low: 1e-4, high: 10 },
      classWeight: { kind: "choice", values: [null, "balanced"] },
      selectK: { kind: "choice", values: [null, 10, 20, 30] },
    },
  },
  fit: (x, y, weights, params) => fitLogistic(x, y, weights, params),
  predict: (state, x) => logisticMargin(state, x).map(sigmoid),
};
