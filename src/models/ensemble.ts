import { assert } from "../base/assert.js";
import { logit, sigmoid } from "../base/math/sigmoid.js";
import { type Matrix, matrix, takeRows } from "../base/matrix.js";
import type { World } from "../base/world.js";
import { type BoostingParams, boosting } from "./boosting.js";
import type { Estimator } from "./estimator.js";
import { type ForestParams, forest } from "./forest.js";
import { fitLogistic, type LogisticParams, type LogisticState, logistic, logisticMargin } from "./logistic.js";
import { drawByContent } from "./trees/hold-out.js";
import { classTotals } from "./two-classes.js";
import { type XgboostParams, xgboost } from "./xgboost.js";

const MEMBERS = { logistic, forest, boosting, xgboost } as const;

export type MemberName = keyof typeof MEMBERS;

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
  /** The state of the estimator of that name. */
  readonly state: unknown;
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
const CERTAIN = 1e-3;

const LINE: LogisticParams = { penalty: "l2", C: 1, classWeight: null, selectK: null };

const defaults: EnsembleParams = {
  logistic: logistic.defaults,
  forest: forest.defaults,
  boosting: boosting.defaults,
  xgboost: xgboost.defaults,
  combine: "vote",
  folds: 5,
};

interface Rows {
  readonly x: Matrix;
  readonly y: Uint8Array;
  readonly weights: Float64Array | null;
}

function fitEnsemble(rows: Rows, params: EnsembleParams, world: World): EnsembleState {
  assert(rows.y.length === rows.x.rows, "one label a row");
  classTotals(rows.y, rows.weights);
  const members = fitMembers(rows, params, world);
  const line = params.combine === "stack" ? fitLine(rows, params, world) : null;
  return { kind: "ensemble", inputs: rows.x.cols, members, line };
}

function fitMembers({ x, y, weights }: Rows, params: EnsembleParams, world: World): EnsembleMember[] {
  const columns = params.columns === undefined ? {} : { columns: params.columns };
  const members = (Object.keys(MEMBERS) as MemberName[]).flatMap((name) => {
    const own = params[name];
    if (own === null) return [];
    const estimator: Estimator<object, unknown> = MEMBERS[name] as Estimator<object, unknown>;
    return [{ name, state: estimator.fit(x, y, weights, { ...own, ...columns }, world) }];
  });
  assert(members.length > 0, "an ensemble needs a member");
  return members;
}

/** Null where the rows are too few or too alike for folds: the mean is taken then. */
function fitLine({ x, y, weights }: Rows, params: EnsembleParams, world: World): LogisticState | null {
  const foldOf = Array.from(drawByContent(x, world.seed), (draw) => Math.floor(draw * params.folds));
  const names = (Object.keys(MEMBERS) as MemberName[]).filter((name) => params[name] !== null);
  const logits = matrix(x.rows, names.length);
  for (let fold = 0; fold < params.folds; fold++) {
    const inside = foldOf.flatMap((own, i) => (own === fold ? [i] : []));
    const outside = foldOf.flatMap((own, i) => (own === fold ? [] : [i]));
    const others = rowsOf({ x, y, weights }, outside);
    if (inside.length === 0) continue;
    if (!hasBoth(others)) return null;
    const said = logitsOf(fitMembers(others, params, world), takeRows(x, inside));
    inside.forEach((row, i) => {
      logits.data.set(said.data.subarray(i * said.cols, (i + 1) * said.cols), row * said.cols);
    });
  }
  return fitLogistic(logits, y, weights, LINE);
}

function rowsOf({ x, y, weights }: Rows, rows: readonly number[]): Rows {
  return {
    x: takeRows(x, rows),
    y: Uint8Array.from(rows, (i) => y[i] ?? 0),
    weights: weights === null ? null : Float64Array.from(rows, (i) => weights[i] ?? 0),
  };
}

function hasBoth({ y, weights }: Rows): boolean {
  return [0, 1].every((label) => y.some((own, i) => own === label && (weights?.[i] ?? 1) > 0));
}

/** P(churn) by each member, in their order. */
export function memberProbabilities(members: readonly EnsembleMember[], x: Matrix): Float64Array[] {
  return members.map(({ name, state }) => (MEMBERS[name] as Estimator<object, unknown>).predict(state, x));
}

function logitsOf(members: readonly EnsembleMember[], x: Matrix): Matrix {
  const out = matrix(x.rows, members.length);
  memberProbabilities(members, x).forEach((p, k) => {
    p.forEach((own, i) => {
      out.data[i * members.length + k] = logit(Math.min(Math.max(own, CERTAIN), 1 - CERTAIN));
    });
  });
  return out;
}

function predictEnsemble({ inputs, members, line }: EnsembleState, x: Matrix): Float64Array {
  assert(x.cols === inputs, `fitted on ${inputs} columns, given ${x.cols}`);
  if (line !== null) return logisticMargin(line, logitsOf(members, x)).map(sigmoid);
  const said = memberProbabilities(members, x);
  return new Float64Array(x.rows).map((_, i) => said.reduce((sum, p) => sum + (p[i] ?? 0), 0) / said.length);
}

/**
 * Several models asked together: soft voting, or stacking on out-of-fold predictions (Wolpert 1992; Breiman 1996). Rows that say the
 * same share a fold, so that no copy of a predicted row was fitted on.
 */
export const ensemble: Estimator<EnsembleParams, EnsembleState> = {
  name: "ensemble",
  defaults,
  space: { grid: [defaults, { ...defaults, combine: "stack" }] },
  fit: (x, y, weights, params, world) => fitEnsemble({ x, y, weights }, params, world),
  predict: predictEnsemble,
};
