import { RefrainError } from "../../base/errors.js";
import { type Learner, learnerOf, type Params } from "../../evaluate/learner.js";
import { type Resample, resampled } from "../../evaluate/resampled.js";
import type { Estimator } from "../../models/estimator.js";
import { ESTIMATOR_NAMES, ESTIMATORS, estimatorNamed } from "../../models/registered.js";
import { forwardEnsemble } from "./forward-ensemble.js";
import { forwardLearner } from "./forward-learner.js";
import { forwardLogistic } from "./forward-logistic.js";
import { forwardSequence } from "./forward-sequence.js";
import { FORWARD_SETTINGS } from "./forward-settings.js";

/** Defaults for tables of a row a user, where they are not the estimator's own: scikit-learn's. */
const TABLE_LOGISTIC = { penalty: "l2", C: 1, classWeight: null, selectK: null } as const;
const TABLE_DEFAULTS: Readonly<Record<string, Params>> = {
  logistic: TABLE_LOGISTIC,
  ensemble: { ...ESTIMATORS.ensemble.defaults, logistic: TABLE_LOGISTIC },
};

/** What a learner is made from: plain data, so that a thread can make the same one. */
export interface LearnerSpec {
  /** An estimator's. */
  readonly name: string;
  /** Names of the columns of snapshots; null for tables of a row a user. */
  readonly features: readonly string[] | null;
  readonly resample: Resample;
}

/** Whether a model reads the days of users (`features/families/days.ts`). */
export function readsDays(name: string): boolean {
  return name === ESTIMATORS.sequence.name;
}

/** Fails with VALUE_BAD for a name that is no model, and for a model that reads days where there are none. */
export function learnerFor({ name, features, resample }: LearnerSpec): Learner {
  const estimator = named(name);
  return resampled(features === null ? tableLearner(estimator) : snapshotLearner(estimator, features), resample);
}

function tableLearner(estimator: Estimator<object, unknown>): Learner {
  if (readsDays(estimator.name)) {
    const advice =
      "It reads what users did day by day, which a row a user does not say: leave it out, or train it on events (refrain ingest PATH, then refrain train --models sequence).";
    throw new RefrainError("VALUE_BAD", { name: "--models", value: estimator.name, advice });
  }
  const defaults = TABLE_DEFAULTS[estimator.name];
  return learnerOf(estimator, defaults === undefined ? {} : { defaults });
}

function snapshotLearner(estimator: Estimator<object, unknown>, features: readonly string[]): Learner {
  if (estimator === ESTIMATORS.logistic) return forwardLogistic(features);
  if (estimator === ESTIMATORS.sequence) return forwardSequence(features);
  if (estimator === ESTIMATORS.ensemble) return forwardEnsemble((name) => snapshotLearner(ESTIMATORS[name], features));
  const own = FORWARD_SETTINGS[estimator.name];
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
