import { between, inWindow, type Measure } from "../accumulators/recent.js";
import type { Feature } from "../fold.js";
import type { States } from "../states.js";

/** Logarithm of (1 + last 14 days) ÷ (1 + the 14 days before): 0 is steady, above is rising. */
const trend = (name: string, measure: Measure, what: string): Feature<States> => ({
  name,
  family: "trends",
  unit: "log",
  description: `${what}: last 14 days against the 14 before (0 is steady)`,
  read: ({ recent }, cutoff) => {
    const now = inWindow(recent, cutoff, 13, measure);
    const before = between(recent, cutoff, { fromDaysAgo: 27, toDaysAgo: 14, measure });
    return Math.log((1 + now) / (1 + before));
  },
});

export const TRENDS: readonly Feature<States>[] = [
  trend("songs_trend", "songs", "songs"),
  trend("sessions_trend", "sessions", "sessions"),
  trend("adverts_trend", "adverts", "adverts"),
];
