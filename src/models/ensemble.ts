import { assert } from "../base/assert.js";
import { logit, sigmoid } from "../base/math/sigmoid.js";
import { type Matrix, matrix, takeRows } from "../base/matrix.js";
import type { World } from "../base/world.js";
import { type BoostingParams, boosting } from "./boosting.js";
import type { Estimator } from "./estimator.js";
import { type ForestParams, forest } from "./forest.js";
import { fitLogistic, type LogisticParams, type LogisticState, logistic, logisticMargin } from "./logistic.js";
import { drawByContent } from "./trees/hold-out.js";
import type { TreesState } from "./trees/tree.js";
import { classTotals } from "./two-classes.js";
import { type XgboostParams, xgboost } from "./xgboost.js";

const MEMBERS = { logistic, forest, boosting, xgboost } as const;

export type MemberName = keyof typeof MEMBERS;

export const MEMBER_NAMES = Object.keys(MEMBERS) as readonly MemberName[];

export interface EnsembleParams {
  /** Settings of the models that are asked; null leaves one out. */
  readonly logistic: LogisticParams | null;
  readonly forest: ForestParams | null;
  readonly boosting: BoostingParams | null;
  readonly xgboost: XgboostParams | null;
  /** "vote" is the mean of their P(churn); "stack" a logistic regression on their log-odds for rows they were not fitted on. */
  readonly combine: "vote" | "stack";
  /** Parts of the rows, each of which is predicted by models fitted on the others, for "stack". */
  readonly folds: number;
  /** Columns that all of them may look at; absent is all. */
  readonly columns?: readonly number[];
}

export interface EnsembleMember {
  readonly name: MemberName;
  /** Of the estimator of that name: its `kind` is the name. */
  readonly state: LogisticState | TreesState;
}

export interface EnsembleState {
  readonly kind: "ensemble";
  /** Columns of the matrices it predicts from. */
  readonly inputs: number;
  readonly members: readonly EnsembleMember[];
  /** From the members' log-odds, in their order, to those of churn; null where the mean of their P(churn) is taken. */
  readonly line: LogisticState | null;
}

/** Log-odds of members are taken within these of 0 and 1: a forest may say either. */
export const CERTAIN = 1e-3;

const LINE: LogisticParams = { penalty: "l2", C: 1, classWeight: null, selectK: null };

const defaults: EnsembleParams = {
  logistic: logistic.defaults,
  forest: forest.defaults,
  boosting: boosting.defaults,
  xgboost: xgboost.defaults,
  combine: "vote",
  folds: 5,
};

/** Rows that members are fitted on, and how the folds of a stack are dealt. */
export interface Together {
  readonly x: Matrix;
  readonly y: Uint8Array;
  readonly weights: Float64Array | null;
  readonly combine: EnsembleParams["combine"];
  readonly folds: number;
  /** The fold of each row, below `folds`: rows that say the same, or are of one user, share one. */
  foldOf(): ArrayLike<number>;
  /** Members fitted on some of the rows; null is all of them. */
  fitMembers(rows: Int32Array | null): EnsembleMember[];
}

/** Fits members together: for a stack once more for each fold, on the rows outside it. Fails with SINGLE_CLASS. */
export function fitTogether(together: Together): EnsembleState {
  const { x, y, weights, combine } = together;
  assert(y.length === x.rows, "one label a row");
  classTotals(y, weights);
  const members = together.fitMembers(null);
  assert(members.length > 0, "an ensemble needs a member");
  return { kind: "ensemble", inputs: x.cols, members, line: combine === "stack" ? fitLine(together, members) : null };
}

/** Null where the rows are too few or too alike for folds: the mean is taken then. */
function fitLine(
  { x, y, weights, folds, foldOf, fitMembers }: Together,
  { length: count }: readonly EnsembleMember[],
): LogisticState | null {
  const dealt = foldOf();
  const logits = matrix(x.rows, count);
  for (let fold = 0; fold < folds; fold++) {
    const inside = Int32Array.from(y.keys()).filter((row) => dealt[row] === fold);
    const outside = Int32Array.from(y.keys()).filter((row) => dealt[row] !== fold);
    if (inside.length === 0) continue;
    if (!hasBoth(outside, y, weights)) return null;
    const said = memberLogits(fitMembers(outside), takeRows(x, inside));
    inside.forEach((row, i) => {
      logits.data.set(said.data.subarray(i * count, (i + 1) * count), row * count);
    });
  }
  return fitLogistic(logits, y, weights, LINE);
}

function hasBoth(rows: Int32Array, y: Uint8Array, weights: Float64Array | null): boolean {
  return [0, 1].every((label) => rows.some((row) => y[row] === label && (weights?.[row] ?? 1) > 0));
}

/** P(churn) by each member, in their order. */
function memberProbabilities(members: readonly EnsembleMember[], x: Matrix): Float64Array[] {
  return members.map(({ name, state }) => (MEMBERS[name] as Estimator<object, unknown>).predict(state, x));
}

/** Log-odds as a stack sees them. */
export function cut(logOdds: number): number {
  const end = logit(1 - CERTAIN);
  return Math.min(Math.max(logOdds, -end), end);
}

function memberLogits(members: readonly EnsembleMember[], x: Matrix): Matrix {
  const out = matrix(x.rows, members.length);
  memberProbabilities(members, x).forEach((p, k) => {
    p.forEach((own, i) => {
      out.data[i * members.length + k] = cut(logit(own));
    });
  });
  return out;
}

/** P(churn), one a row. */
export function ensembleProbability({ inputs, members, line }: EnsembleState, x: Matrix): Float64Array {
  assert(x.cols === inputs, `fitted on ${inputs} columns, given ${x.cols}`);
  if (line !== null) return logisticMargin(line, memberLogits(members, x)).map(sigmoid);
  const said = memberProbabilities(members, x);
  return new Float64Array(x.rows).map((_, i) => said.reduce((sum, p) => sum + (p[i] ?? 0), 0) / said.length);
}

function fitEnsemble(x: Matrix, y: Uint8Array, weights: Float64Array | null, params: EnsembleParams, world: World) {
  const { combine, folds } = params;
  const columns = params.columns === undefined ? {} : { columns: params.columns };
  return fitTogether({
    x,
    y,
    weights,
    combine,
    folds,
    foldOf: () => drawByContent(x, world.seed).map((draw) => Math.floor(draw * folds)),
    fitMembers: (rows) => {
      const own = rows === null ? { x, y, weights } : rowsOf({ x, y, weights }, rows);
      return MEMBER_NAMES.flatMap((name): EnsembleMember[] => {
        const settings = params[name];
        if (settings === null) return [];
        const estimator = MEMBERS[name] as Estimator<object, EnsembleMember["state"]>;
        return [{ name, state: estimator.fit(own.x, own.y, own.weights, { ...settings, ...columns }, world) }];
      });
    },
  });
}

interface Rows {
  readonly x: Matrix;
  readonly y: Uint8Array;
  readonly weights: Float64Array | null;
}

function rowsOf({ x, y, weights }: Rows, rows: Int32Array): Rows {
  return {
    x: takeRows(x, rows),
    y: Uint8Array.from(rows, (row) => y[row] ?? 0),
    weights: weights === null ? null : Float64Array.from(rows, (row) => weights[row] ?? 0),
  };
}

const DEEPER = { trees: 200, maxDepth: 4, learningRate: 0.05, subsample: 0.8 };

/**
 * Several models asked together: soft voting, or stacking on out-of-fold predictions (Wolpert 1992; Breiman 1996). Rows that say the
 * same share a fold, so that no copy of a predicted row was fitted on.
 */
export const ensemble: Estimator<EnsembleParams, EnsembleState> = {
  name: "ensemble",
  defaults,
  space: {
    grid: [defaults, { ...defaults, combine: "stack" }],
    ranges: {
      combine: { kind: "choice", values: ["vote", "stack"] },
      logistic: { kind: "choice", values: [defaults.logistic, null] },
      forest: { kind: "choice", values: [forest.defaults, { ...forest.defaults, minSamplesLeaf: 20 }, null] },
      boosting: { kind: "choice", values: [boosting.defaults, { ...boosting.defaults, ...DEEPER }] },
      xgboost: { kind: "choice", values: [xgboost.defaults, { ...xgboost.defaults, eta: 0.05 }, null] },
    },
  },
  fit: fitEnsemble,
  predict: ensembleProbability,
};
