import { RefrainError } from "../../base/errors.js";
import { type Learner, learnerOf } from "../../evaluate/learner.js";
import type { ProtocolShape } from "../../evaluate/splits.js";
import { logistic } from "../../models/logistic.js";

const plain = { classWeight: null, selectK: null } as const;

/** Settings for tables of a row a user; the defaults are scikit-learn's. */
const LEARNERS = {
  logistic: learnerOf(logistic, { defaults: { penalty: "l2", C: 1, ...plain } }),
} as const satisfies Record<string, Learner>;

/**
 * Settings for snapshots: a user's rows at many cutoffs repeat one another, so there is less in them than their number says
 * and the penalty is stronger than for a table of a row a user.
 */
const FORWARD_LEARNERS = {
  logistic: learnerOf(logistic, {
    defaults: { penalty: "l2", C: 0.003, ...plain },
    grid: [
      { penalty: "l2", C: 0.001, ...plain },
      { penalty: "l2", C: 0.003, ...plain },
      { penalty: "l2", C: 0.01, ...plain },
      { penalty: "l2", C: 0.03, ...plain },
      { penalty: "l1", C: 0.03, ...plain },
    ],
  }),
} as const satisfies Record<keyof typeof LEARNERS, Learner>;

export type Search = "grid" | "none";

export interface TrainOptions {
  readonly models: readonly string[];
  readonly search: Search;
  /** Fresh shuffles on which shuffled protocols score the chosen setting again; 0 for none. */
  readonly seeds: number;
  readonly shape: ProtocolShape;
}

/** Fails with VALUE_BAD for a name that is no model. */
export function learnersNamed(names: readonly string[], kind: "forward" | "shuffled"): Learner[] {
  const learners: Readonly<Record<string, Learner>> = kind === "forward" ? FORWARD_LEARNERS : LEARNERS;
  return names.map((name) => {
    const learner = learners[name];
    if (learner !== undefined) return learner;
    const advice = `Choose from ${Object.keys(LEARNERS).join(", ")}.`;
    throw new RefrainError("VALUE_BAD", { name: "--models", value: name, advice });
  });
}
