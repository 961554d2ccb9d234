import { RefrainError } from "../../base/errors.js";
import { type Learner, learnerOf } from "../../evaluate/learner.js";
import type { ProtocolShape } from "../../evaluate/splits.js";
import type { Label } from "../../labels/label.js";
import { logistic } from "../../models/logistic.js";
import { forwardLogistic } from "./forward-logistic.js";
import type { Procedure } from "./procedure.js";

const plain = { classWeight: null, selectK: null } as const;

/** Settings for tables of a row a user; the defaults are scikit-learn's. */
const LEARNERS = {
  logistic: learnerOf(logistic, { defaults: { penalty: "l2", C: 1, ...plain } }),
} as const satisfies Record<string, Learner>;

const FORWARD = { logistic: forwardLogistic } as const;

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
  return names.map((name) => named(LEARNERS, name));
}

/** Learners for snapshots with these features. Fails with VALUE_BAD for a name that is no model. */
export function forwardLearners(names: readonly string[], features: readonly string[]): Learner[] {
  return names.map((name) => named(FORWARD, name)(features));
}

export function isForwardLearner(name: string): boolean {
  return Object.hasOwn(FORWARD, name);
}

function named<T>(table: Readonly<Record<string, T>>, name: string): T {
  const found = Object.hasOwn(table, name) ? table[name] : undefined;
  if (found !== undefined) return found;
  const advice = `Choose from ${Object.keys(table).join(", ")}.`;
  throw new RefrainError("VALUE_BAD", { name: "--models", value: name, advice });
}
