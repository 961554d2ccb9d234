import { activeDays, inWindow, type Measure } from "../accumulators/recent.js";
import type { Feature } from "../fold.js";
import { daysBetween } from "../smoothing.js";
import type { States } from "../states.js";

const trailing = (name: string, measure: Measure, days: number, what: string): Feature<States> => ({
  name: `${name}_${days}d`,
  family: "volume",
  unit: "count",
  knownAt: "rows, cutoff",
  description: `${what} in the last ${days} days`,
  read: ({ recent }, cutoff) => inWindow(recent, cutoff, days, measure),
});

const active = (days: number): Feature<States> => ({
  name: `active_days_${days}d`,
  family: "volume",
  unit: "days",
  knownAt: "rows, cutoff",
  description: `days with an event in the last ${days} days`,
  read: ({ recent }, cutoff) => activeDays(recent, cutoff, days),
});

export const VOLUME: readonly Feature<States>[] = [
  trailing("events", "events", 7, "events"),
  trailing("events", "events", 28, "events"),
  trailing("songs", "songs", 7, "songs"),
  trailing("songs", "songs", 14, "songs"),
  trailing("songs", "songs", 28, "songs"),
  {
    name: "log_events",
    family: "volume",
    unit: "log",
    knownAt: "rows",
    cumulative: true,
    description: "logarithm of 1 + events since the first",
    undo: Math.expm1,
    read: ({ profile }) => Math.log1p(profile.events),
  },
  active(7),
  active(28),
  {
    name: "active_day_share",
    family: "volume",
    unit: "share",
    knownAt: "rows, cutoff",
    cumulative: true,
    description: "days with an event ÷ days since the first event (at least one)",
    read: ({ rhythm, profile }, cutoff) => rhythm.activeDays / Math.max(1, daysBetween(profile.firstTsMs, cutoff)),
  },
];
