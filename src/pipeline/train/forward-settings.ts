import type { Params } from "../../evaluate/learner.js";

interface ForwardSettings {
  /** Change the estimator's own defaults. */
  readonly defaults: Params;
  /** What grid search tries besides: changes of these defaults. */
  readonly grid: readonly Params[];
}

/**
 * Settings for snapshots, where churned users are few and rows of a user repeat one another: small trees, slow steps, leaves that
 * hold many rows. Rows weigh as much as users do (`forward-learner.ts`), so that least weights of leaves are in users; those of a
 * forest are in rows. Chosen on simulated worlds before any was tested on.
 */
export const FORWARD_SETTINGS: Readonly<Record<string, ForwardSettings>> = {
  forest: {
    defaults: { trees: 200, maxDepth: 8, minSamplesLeaf: 40, maxFeatures: 0.2 },
    grid: [{ maxDepth: 5, minSamplesLeaf: 80 }, { maxDepth: 12, minSamplesLeaf: 20 }, { maxFeatures: "sqrt" }],
  },
  boosting: {
    defaults: { trees: 100, learningRate: 0.05, maxDepth: 3, minSamplesLeaf: 20, subsample: 0.5 },
    grid: [
      { trees: 200, maxDepth: 2 },
      { trees: 50, maxDepth: 3 },
      { trees: 200, learningRate: 0.03 },
    ],
  },
  xgboost: {
    defaults: {
      rounds: 100,
      eta: 0.05,
      maxDepth: 3,
      minChildWeight: 1,
      lambda: 5,
      subsample: 0.5,
      colsampleByTree: 0.5,
    },
    grid: [
      { rounds: 200, maxDepth: 2 },
      { rounds: 50, maxDepth: 3 },
      { rounds: 200, eta: 0.03, lambda: 20 },
    ],
  },
};
