import { type Learner, learnerOf, type Params } from "../../evaluate/learner.js";
import { DAY_FEATURES, DAYS } from "../../features/families/days.js";
import { fitSequence, type SequenceParams, sequence } from "../../models/sequence/sequence.js";

/** Where churned users are few a network must be smaller, and held back more. Chosen on four simulated worlds before any was tested on. */
const DEFAULT: Params = { ...sequence.defaults, days: DAYS, hidden: 4, decay: 2, learningRate: 0.005 };

const OTHERS: readonly Params[] = [
  { ...DEFAULT, decay: 0.5 },
  { ...DEFAULT, hidden: 8, learningRate: 0.003 },
];

const RANGES = { ...sequence.space.ranges, decay: { kind: "logUniform", low: 0.1, high: 5 } } as const;

/**
 * A recurrent network for snapshots: it reads the days of each user, and when to stop is said by users it did not learn from. All
 * rows together weigh as much as the users do, as in `forwardLearner`.
 *
 * @param features names of the columns it will be given, those of the days among them
 */
export function forwardSequence(features: readonly string[]): Learner {
  const columns = DAY_FEATURES.map(({ name }) => features.indexOf(name));
  return {
    ...learnerOf(sequence),
    defaults: DEFAULT,
    grid: OTHERS,
    ranges: RANGES as NonNullable<Learner["ranges"]>,
    fit: ({ x, y, user, users }, params, world) => {
      const weights = new Float64Array(y.length).fill(users / y.length);
      const settings = { ...(params as unknown as SequenceParams), columns };
      const state = fitSequence({ x, y, weights, user }, settings, world.seed);
      return { state, predict: (fresh) => sequence.predict(state, fresh) };
    },
  };
}
