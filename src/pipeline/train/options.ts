import { RefrainError } from "../../base/errors.js";
import { type Learner, learnerOf, type Params } from "../../evaluate/learner.js";
import type { ProtocolShape } from "../../evaluate/splits.js";
import type { Label } from "../../labels/label.js";
import type { Estimator } from "../../models/estimator.js";
import { ESTIMATOR_NAMES, ESTIMATORS, estimatorNamed } from "../../models/registered.js";
import { forwardLearner } from "./forward-learner.js";
import { forwardLogistic } from "./forward-logistic.js";
import type { Procedure } from "./procedure.js";

/** Defaults for tables of a row a user, where they are not the estimator's own: scikit-learn's. */
const TABLE_DEFAULTS: Readonly<Record<string, Params>> = {
  logistic: { penalty: "l2", C: 1, classWeight: null, selectK: null },
};

export type Search = "grid" | "none";

export interface TrainOptions {
  readonly models: readonly string[];
  readonly search: Search;
  /** Fresh shuffles on which shuffled protocols score the chosen setting again; 0 for none. */
  readonly seeds: number;
  readonly label: Label;
  /** Its horizon is the label's window. */
  readonly shape: ProtocolShape;
  /** Absent: the real one. */
  readonly procedure?: Procedure;
}

/** Learners for tables of a row a user. Fails with VALUE_BAD for a name that is no model. */
export function shuffledLearners(names: readonly string[]): Learner[] {
  return names.map((name) => {
    const estimator = named(name);
    const defaults = TABLE_DEFAULTS[name];
    return learnerOf(estimator, defaults === undefined ? {} : { defaults });
  });
}

/** Learners for snapshots with these features. Fails with VALUE_BAD for a name that is no model. */
export function forwardLearners(names: readonly string[], features: readonly string[]): Learner[] {
  return names.map((name) => {
    const estimator = named(name);
    return estimator === ESTIMATORS.logistic ? forwardLogistic(features) : forwardLearner(estimator);
  });
}

function named(name: string): Estimator<object, unknown> {
  const found = estimatorNamed(name);
  if (found !== null) return found;
  const advice = `Choose from ${ESTIMATOR_NAMES.join(", ")}.`;
  throw new RefrainError("VALUE_BAD", { name: "--models", value: name, advice });
}
