import type { Feature } from "../fold.js";
import { daysBetween, logOf } from "../smoothing.js";
import type { States } from "../states.js";

export const TENURE: readonly Feature<States>[] = [
  {
    name: "days_since_registration",
    family: "tenure",
    unit: "days",
    knownAt: "rows, cutoff",
    cumulative: true,
    description: "days from registration to the cutoff",
    read: ({ profile }, cutoff) => daysBetween(profile.registrationMs, cutoff),
  },
  {
    name: "days_since_first_event",
    family: "tenure",
    unit: "days",
    knownAt: "rows, cutoff",
    cumulative: true,
    description: "days from the first known event to the cutoff",
    read: ({ profile }, cutoff) => daysBetween(profile.firstTsMs, cutoff),
  },
  {
    name: "log_days_since_registration",
    family: "tenure",
    unit: "log",
    knownAt: "rows, cutoff",
    cumulative: true,
    description: "logarithm of the days since registration",
    undo: Math.exp,
    read: ({ profile }, cutoff) => logOf(daysBetween(profile.registrationMs, cutoff)),
  },
  {
    name: "log_days_since_first_event",
    family: "tenure",
    unit: "log",
    knownAt: "rows, cutoff",
    cumulative: true,
    description: "logarithm of 1 + days since the first known event",
    undo: Math.expm1,
    read: ({ profile }, cutoff) => Math.log1p(daysBetween(profile.firstTsMs, cutoff)),
  },
];
