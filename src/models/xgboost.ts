import { logit, sigmoid } from "../base/math/sigmoid.js";
import type { Estimator } from "./estimator.js";
import { fitBoosted } from "./trees/fit-boosted.js";
import type { EarlyStopping } from "./trees/hold-out.js";
import type { BoostedTrees } from "./trees/tree.js";
import { treesProbability } from "./trees/walk.js";

export interface XgboostParams {
  /** Trees. */
  readonly rounds: number;
  /** What leaves are shrunk by. */
  readonly eta: number;
  /** 0 for no limit. */
  readonly maxDepth: number;
  /** 0 for no limit; else trees grow best leaf first. */
  readonly maxLeaves: number;
  /** L2 and L1 penalty of what leaves say. */
  readonly lambda: number;
  readonly alpha: number;
  /** Least gain of a split. */
  readonly gamma: number;
  /** Least sum of hessians in a child. */
  readonly minChildWeight: number;
  /** Share of rows that each tree grows on. */
  readonly subsample: number;
  /** Shares of columns that a tree, each of its levels and each of its nodes look at, of those that the one before left. */
  readonly colsampleByTree: number;
  readonly colsampleByLevel: number;
  readonly colsampleByNode: number;
  /** Weight of churned rows. */
  readonly scalePosWeight: number;
  /** P(churn) before the first tree; null for one Newton step off ½, as XGBoost 2.1 starts from. */
  readonly baseScore: number | null;
  /** By column of the matrix: 1 where P(churn) may only rise with the column, −1 only fall, 0 both; null for no constraint. */
  readonly monotone: readonly (-1 | 0 | 1)[] | null;
  /** Null trains all rounds. */
  readonly earlyStopping: EarlyStopping | null;
  /** Columns it may look at; absent is all. */
  readonly columns?: readonly number[];
}

/** XGBoost's least gain of a split, whatever gamma is. */
const GAIN_MIN = 1e-6;

const defaults: XgboostParams = {
  rounds: 200,
  eta: 0.1,
  maxDepth: 4,
  maxLeaves: 0,
  lambda: 1,
  alpha: 0,
  gamma: 0,
  minChildWeight: 1,
  subsample: 1,
  colsampleByTree: 1,
  colsampleByLevel: 1,
  colsampleByNode: 1,
  scalePosWeight: 1,
  baseScore: null,
  monotone: null,
  earlyStopping: null,
};

/** The reference system's 36 settings; those that differ in the number of trees alone follow one another. */
function grid(): XgboostParams[] {
  return [0.1, 0.2].flatMap((eta) =>
    [3, 4, 5].flatMap((maxDepth) =>
      [2, 3, 4].flatMap((scalePosWeight) =>
        [100, 200].map((rounds) => ({ ...defaults, rounds, maxDepth, eta, scalePosWeight })),
      ),
    ),
  );
}

/**
 * Gradient-boosted trees by second-order steps (Chen & Guestrin 2016): XGBoost's `hist` method with logistic loss. Its thresholds lie
 * between values where XGBoost's lie on them; everything else of the objective is the same.
 */
export const xgboost: Estimator<XgboostParams, BoostedTrees> = {
  name: "xgboost",
  defaults,
  space: {
    grid: grid(),
    ranges: {
      rounds: { kind: "logUniform", low: 50, high: 500, whole: true },
      eta: { kind: "logUniform", low: 0.02, high: 0.3 },
      maxDepth: { kind: "uniform", low: 2, high: 6, whole: true },
      lambda: { kind: "logUniform", low: 0.1, high: 30 },
      minChildWeight: { kind: "logUniform", low: 0.5, high: 20 },
      subsample: { kind: "uniform", low: 0.5, high: 1 },
      colsampleByTree: { kind: "uniform", low: 0.4, high: 1 },
    },
  },
  fit: (x, y, weights, params, world) =>
    fitBoosted(
      { x, y, weights },
      {
        kind: "xgboost",
        columns: params.columns,
        earlyStopping: params.earlyStopping,
        monotone: params.monotone,
        baseOf: (totals) => baseOf(totals, params),
        plan: {
          rounds: params.rounds,
          eta: params.eta,
          limits: { maxDepth: params.maxDepth, maxLeaves: params.maxLeaves },
          splitsBy: "hessian",
          lambda: params.lambda,
          alpha: params.alpha,
          gainMin: Math.max(params.gamma, GAIN_MIN),
          coverMin: params.minChildWeight,
          positiveWeight: params.scalePosWeight,
          subsample: params.subsample,
          columns: {
            tree: params.colsampleByTree,
            level: params.colsampleByLevel,
            node: params.colsampleByNode,
          },
        },
      },
      world,
    ),
  stages: {
    size: "rounds",
    holdsFor: ({ earlyStopping }) => earlyStopping === null,
    upTo: (state, size) => ({ ...state, trees: state.trees.slice(0, size) }),
  },
  predict: treesProbability,
};

function baseOf([kept, churned]: readonly [number, number], { baseScore, scalePosWeight }: XgboostParams): number {
  if (baseScore !== null) return logit(baseScore);
  const positive = scalePosWeight * churned;
  const step = (2 * (positive - kept)) / (positive + kept);
  return logit(Math.fround(sigmoid(Math.fround(step))));
}
