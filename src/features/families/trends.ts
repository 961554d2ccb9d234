import { between, inWindow, type Measure } from "../accumulators/recent.js";
import type { Feature } from "../fold.js";
import type { States } from "../states.js";

/** Logarithm of (1 + last 14 days) ÷ (1 + the 14 days before): 0 is steady, above is rising. */
const fortnights = (name: string, measure: Measure, what: string): Feature<States> => ({
  name: `${name}_trend`,
  family: "trends",
  unit: "log",
  knownAt: "rows, cutoff",
  description: `${what}: last 14 days against the 14 before (0 is steady)`,
  undo: Math.exp,
  read: ({ recent }, cutoff) => {
    const now = inWindow(recent, cutoff, 13, measure);
    const before = between(recent, cutoff, { fromDaysAgo: 27, toDaysAgo: 14, measure });
    return Math.log((1 + now) / (1 + before));
  },
});

/** Logarithm of (1 + last 7 days) ÷ (1 + a third of the 21 days before): the same, quicker to turn. */
const weeks = (name: string, measure: Measure, what: string): Feature<States> => ({
  name: `${name}_week_trend`,
  family: "trends",
  unit: "log",
  knownAt: "rows, cutoff",
  description: `${what}: last 7 days against the mean week of the 21 before (0 is steady)`,
  undo: Math.exp,
  read: ({ recent }, cutoff) => {
    const now = inWindow(recent, cutoff, 6, measure);
    const before = between(recent, cutoff, { fromDaysAgo: 27, toDaysAgo: 7, measure });
    return Math.log((1 + now) / (1 + before / 3));
  },
});

export const TRENDS: readonly Feature<States>[] = [
  fortnights("songs", "songs", "songs"),
  fortnights("sessions", "sessions", "sessions"),
  fortnights("adverts", "adverts", "adverts"),
  fortnights("thumbs_down", "thumbsDown", "thumbs down"),
  weeks("songs", "songs", "songs"),
  weeks("sessions", "sessions", "sessions"),
];
