import type { Estimator } from "./estimator.js";
import { fitBoosted } from "./trees/fit-boosted.js";
import type { EarlyStopping } from "./trees/hold-out.js";
import type { BoostedTrees } from "./trees/tree.js";
import { treesProbability } from "./trees/walk.js";

export interface BoostingParams {
  readonly trees: number;
  /** What leaves are shrunk by. */
  readonly learningRate: number;
  /** 0 for no limit. */
  readonly maxDepth: number;
  /** Least weight of rows in a leaf. */
  readonly minSamplesLeaf: number;
  /** Share of rows that each tree grows on. */
  readonly subsample: number;
  /** Null trains all trees. */
  readonly earlyStopping: EarlyStopping | null;
  /** Columns it may look at; absent is all. */
  readonly columns?: readonly number[];
}

const defaults: BoostingParams = {
  trees: 100,
  learningRate: 0.1,
  maxDepth: 3,
  minSamplesLeaf: 1,
  subsample: 1,
  earlyStopping: null,
};

/** The reference system's 81 settings; those that differ in the number of trees alone follow one another. */
function grid(): BoostingParams[] {
  return [0.05, 0.1, 0.2].flatMap((learningRate) =>
    [3, 5, 7].flatMap((maxDepth) =>
      [0.8, 0.9, 1].flatMap((subsample) =>
        [100, 200, 300].map((trees) => ({ ...defaults, trees, learningRate, maxDepth, subsample })),
      ),
    ),
  );
}

/**
 * Gradient boosting (Friedman 2001, 2002): trees of the residuals y − p, split by variance, with a Newton step in each leaf: what
 * scikit-learn's GradientBoostingClassifier does, with cuts at quantile bins.
 */
export const boosting: Estimator<BoostingParams, BoostedTrees> = {
  name: "boosting",
  defaults,
  space: {
    grid: grid(),
    ranges: {
      trees: { kind: "logUniform", low: 50, high: 500, whole: true },
      learningRate: { kind: "logUniform", low: 0.02, high: 0.3 },
      maxDepth: { kind: "uniform", low: 2, high: 6, whole: true },
      minSamplesLeaf: { kind: "logUniform", low: 1, high: 50, whole: true },
      subsample: { kind: "uniform", low: 0.5, high: 1 },
    },
  },
  fit: (x, y, weights, params, world) =>
    fitBoosted(
      { x, y, weights },
      {
        kind: "boosting",
        columns: params.columns,
        earlyStopping: params.earlyStopping,
        monotone: null,
        baseOf: ([kept, churned]) => Math.log(churned / kept),
        plan: {
          rounds: params.trees,
          eta: params.learningRate,
          limits: { maxDepth: params.maxDepth, maxLeaves: 0 },
          splitsBy: "weight",
          lambda: 0,
          alpha: 0,
          gainMin: 0,
          coverMin: params.minSamplesLeaf,
          positiveWeight: 1,
          subsample: params.subsample,
          columns: { tree: 1, level: 1, node: 1 },
        },
      },
      world,
    ),
  stages: {
    size: "trees",
    holdsFor: ({ earlyStopping }) => earlyStopping === null,
    upTo: (state, size) => ({ ...state, trees: state.trees.slice(0, size) }),
  },
  predict: treesProbability,
};
