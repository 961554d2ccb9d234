import { fittedOf, type Learner, learnerOf, type Params } from "../../evaluate/learner.js";
import type { Estimator } from "../../models/estimator.js";

/**
 * An estimator for snapshots. A user's rows at many cutoffs repeat one another, so all rows of the table together weigh as much as
 * its users do: least weights of a leaf and penalties then mean the same on two cutoffs and on twenty.
 *
 * @param settings replace the estimator's own grid or defaults
 */
export function forwardLearner(
  estimator: Estimator<object, unknown>,
  settings: { readonly grid?: readonly Params[]; readonly defaults?: Params } = {},
): Learner {
  return {
    ...learnerOf(estimator, settings),
    fit: ({ x, y, users }, params, world) => {
      const weights = new Float64Array(x.rows).fill(users / x.rows);
      return fittedOf(estimator, params, estimator.fit(x, y, weights, params, world));
    },
  };
}
