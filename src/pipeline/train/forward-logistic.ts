import { type Learner, learnerOf, type Params } from "../../evaluate/learner.js";
import { PROVEN } from "../../features/proven.js";
import { logistic } from "../../models/logistic.js";

const strengths = [0.003, 0.01, 0.03];
const setting = (features: "proven" | "all", C: number): Params => ({
  penalty: "l2",
  C,
  classWeight: null,
  selectK: null,
  features,
});

/**
 * Logistic regression for snapshots. A user's rows at many cutoffs repeat one another, so there is less in them than their
 * number says and the penalty is stronger than for a table of a row a user; and which features it may look at is one more
 * thing to tune.
 *
 * @param features names of the columns it will be given
 */
export function forwardLogistic(features: readonly string[]): Learner {
  const plain = learnerOf(logistic);
  const proven = PROVEN.map((name) => features.indexOf(name)).filter((column) => column >= 0);
  return {
    name: plain.name,
    defaults: setting("proven", 0.003),
    grid: [...strengths.map((C) => setting("proven", C)), ...strengths.map((C) => setting("all", C))],
    fit: (x, y, { features: looked, ...params }, world) =>
      plain.fit(x, y, looked === "proven" ? { ...params, columns: proven } : params, world),
  };
}
