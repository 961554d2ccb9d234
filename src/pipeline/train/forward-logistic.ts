import { type Learner, learnerOf, type Params } from "../../evaluate/learner.js";
import { PROVEN } from "../../features/proven.js";
import { logistic } from "../../models/logistic.js";

/** Inverse strengths of the penalty were each user one row. */
const STRENGTHS = [0.02, 0.06, 0.2];

const setting = (features: "proven" | "all", CPerUser: number): Params => ({
  penalty: "l2",
  CPerUser,
  classWeight: null,
  selectK: null,
  features,
});

/**
 * Logistic regression for snapshots. A user's rows at many cutoffs repeat one another, so the penalty is set against users, not
 * rows: C = CPerUser · users ÷ rows, and a setting means the same on two cutoffs and on twenty. Which features it may look
 * at is one more thing to tune.
 *
 * @param features names of the columns it will be given
 */
export function forwardLogistic(features: readonly string[]): Learner {
  const plain = learnerOf(logistic);
  const proven = PROVEN.map((name) => features.indexOf(name)).filter((column) => column >= 0);
  return {
    name: plain.name,
    defaults: setting("proven", 0.02),
    grid: [...STRENGTHS.map((C) => setting("proven", C)), ...STRENGTHS.map((C) => setting("all", C))],
    fit: (rows, { features: looked, CPerUser, ...params }, world) => {
      const C = (Number(CPerUser) * rows.users) / rows.x.rows;
      return plain.fit(rows, looked === "proven" ? { ...params, C, columns: proven } : { ...params, C }, world);
    },
  };
}
