import { MS_PER_MINUTE } from "../../base/time.js";
import { inWindow } from "../accumulators/recent.js";
import type { Feature } from "../fold.js";
import { daysBetween, ratio, smoothedRate } from "../smoothing.js";
import type { States } from "../states.js";

/** Sessions a day in the public logs: 13.4 a user in 61 days, as spread among users as if each brought one session of evidence. */
const COMING = { rate: 0.22, weight: 4.5 };

const sessionsPerDay = ({ sessions, profile }: States, cutoff: number): number =>
  smoothedRate(sessions.count, daysBetween(profile.firstTsMs, cutoff), COMING);

const started = (days: number): Feature<States> => ({
  name: `sessions_${days}d`,
  family: "sessions",
  unit: "count",
  knownAt: "rows, cutoff",
  description: `session starts (item 0) in the last ${days} days`,
  read: ({ recent }, cutoff) => inWindow(recent, cutoff, days, "sessions"),
});

export const SESSIONS: readonly Feature<States>[] = [
  {
    name: "sessions",
    family: "sessions",
    unit: "count",
    knownAt: "rows",
    cumulative: true,
    description: "sessions since the first event, cut at 30 idle minutes",
    read: ({ sessions }) => sessions.count,
  },
  started(7),
  started(28),
  {
    name: "sessions_per_day",
    family: "sessions",
    unit: "ratio",
    knownAt: "rows, cutoff",
    cumulative: true,
    description: "sessions a day since the first event, drawn towards 0.22",
    read: sessionsPerDay,
  },
  {
    name: "log_sessions_per_day",
    family: "sessions",
    unit: "log",
    knownAt: "rows, cutoff",
    cumulative: true,
    description: "logarithm of sessions a day",
    undo: Math.exp,
    read: (states, cutoff) => Math.log(sessionsPerDay(states, cutoff)),
  },
  {
    name: "sessions_per_active_day",
    family: "sessions",
    unit: "ratio",
    knownAt: "rows",
    cumulative: true,
    description: "sessions ÷ days with an event",
    read: ({ sessions, rhythm }) => ratio(sessions.count, rhythm.activeDays),
  },
  {
    name: "events_per_session",
    family: "sessions",
    unit: "ratio",
    knownAt: "rows",
    cumulative: true,
    description: "events ÷ sessions",
    read: ({ profile, sessions }) => ratio(profile.events, sessions.count),
  },
  {
    name: "longest_session_events",
    family: "sessions",
    unit: "count",
    knownAt: "rows",
    cumulative: true,
    description: "events in the longest session",
    read: ({ sessions }) => Math.max(sessions.rowsMax, sessions.rows),
  },
  {
    name: "session_minutes",
    family: "sessions",
    unit: "minutes",
    knownAt: "rows",
    cumulative: true,
    description: "mean length of a session, the current one included",
    read: ({ sessions }) =>
      ratio((sessions.durationMsSum + (sessions.lastMs - sessions.startMs)) / MS_PER_MINUTE, sessions.count),
  },
];
