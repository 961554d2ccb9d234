import { boosting } from "./boosting.js";
import { ensemble } from "./ensemble.js";
import type { Estimator } from "./estimator.js";
import { forest } from "./forest.js";
import { logistic } from "./logistic.js";
import { sequence } from "./sequence/sequence.js";
import { xgboost } from "./xgboost.js";

/**
 * Every estimator, by the name that `--models` and model files know it by: what training, tuning, prediction, scoring and the
 * conformance suite share. A new one is a line here.
 */
export const ESTIMATORS = { logistic, forest, boosting, xgboost, ensemble, sequence } as const satisfies Record<
  string,
  Estimator<object, unknown>
>;

export type EstimatorName = keyof typeof ESTIMATORS;

export const ESTIMATOR_NAMES = Object.keys(ESTIMATORS) as readonly EstimatorName[];

/** The estimator of a model file, or of a flag; null for a name that is none. Its `predict` takes the state of the file. */
export function estimatorNamed(name: string): Estimator<object, unknown> | null {
  return Object.hasOwn(ESTIMATORS, name) ? ESTIMATORS[name as EstimatorName] : null;
}
