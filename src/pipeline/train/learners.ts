import { RefrainError } from "../../base/errors.js";
import { type Learner, learnerOf, type Params } from "../../evaluate/learner.js";
import { type Resample, resampled } from "../../evaluate/resampled.js";
import type { Estimator } from "../../models/estimator.js";
import { ESTIMATOR_NAMES, ESTIMATORS, type EstimatorName, estimatorNamed } from "../../models/registered.js";
import { forwardLearner } from "./forward-learner.js";
import { forwardLogistic } from "./forward-logistic.js";
import { FORWARD_SETTINGS } from "./forward-settings.js";

/** Defaults for tables of a row a user, where they are not the estimator's own: scikit-learn's. */
const TABLE_DEFAULTS: Readonly<Record<string, Params>> = {
  logistic: { penalty: "l2", C: 1, classWeight: null, selectK: null },
};

/** What a learner is made from: plain data, so that a thread can make the same one. */
export interface LearnerSpec {
  /** An estimator's. */
  readonly name: string;
  /** Names of the columns of snapshots; null for tables of a row a user. */
  readonly features: readonly string[] | null;
  readonly resample: Resample;
}

/** Fails with VALUE_BAD for a name that is no model. */
export function learnerFor({ name, features, resample }: LearnerSpec): Learner {
  const estimator = named(name);
  return resampled(features === null ? tableLearner(estimator) : snapshotLearner(estimator, features), resample);
}

function tableLearner(estimator: Estimator<object, unknown>): Learner {
  const defaults = TABLE_DEFAULTS[estimator.name];
  return learnerOf(estimator, defaults === undefined ? {} : { defaults });
}

function snapshotLearner(estimator: Estimator<object, unknown>, features: readonly string[]): Learner {
  if (estimator === ESTIMATORS.logistic) return forwardLogistic(features);
  const own = FORWARD_SETTINGS[estimator.name as EstimatorName];
  if (own === undefined) return forwardLearner(estimator);
  const defaults: Params = { ...estimator.defaults, ...own.defaults };
  return forwardLearner(estimator, { defaults, grid: own.grid.map((changes) => ({ ...defaults, ...changes })) });
}

function named(name: string): Estimator<object, unknown> {
  const found = estimatorNamed(name);
  if (found !== null) return found;
  const advice = `Choose from ${ESTIMATOR_NAMES.join(", ")}.`;
  throw new RefrainError("VALUE_BAD", { name: "--models", value: name, advice });
}
