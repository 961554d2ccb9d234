import type { Feature } from "../fold.js";
import { daysBetween, smoothedRate } from "../smoothing.js";
import type { States } from "../states.js";

const silence = ({ profile }: States, cutoff: number): number => daysBetween(profile.lastTsMs, cutoff);

/** Mean days from a session's end to the next start, drawn towards five by two pauses. */
const usualPause = ({ sessions }: States): number =>
  smoothedRate(sessions.gapMsSum / 86_400_000, sessions.gaps, { rate: 5, weight: 2 });

const SATURDAY = 5;
const SUNDAY = 6;
/** A sixth of the session starts of the generator's arrival law; worth three sessions of eighty rows. */
const WEEKEND = { rate: 0.17, weight: 240 };

/** Entropy of the UTC hours of the day ÷ its largest, ln 24. */
function hourSpread({ rhythm }: States): number {
  let total = 0;
  for (const count of rhythm.hours) total += count;
  let entropy = 0;
  for (const count of rhythm.hours) if (count > 0) entropy -= (count / total) * Math.log(count / total);
  return Math.min(1, entropy / Math.log(24));
}

export const RECENCY: readonly Feature<States>[] = [
  {
    name: "days_since_last_event",
    family: "recency",
    unit: "days",
    knownAt: "rows, cutoff",
    description: "days from the last known event to the cutoff",
    read: silence,
  },
  {
    name: "usual_pause_days",
    family: "recency",
    unit: "days",
    knownAt: "rows",
    cumulative: true,
    description: "mean pause between sessions, drawn towards five days",
    read: usualPause,
  },
  {
    name: "silence_against_usual",
    family: "recency",
    unit: "ratio",
    knownAt: "rows, cutoff",
    cumulative: true,
    description: "days since the last event ÷ usual pause",
    read: (states, cutoff) => silence(states, cutoff) / usualPause(states),
  },
  {
    name: "longest_pause_days",
    family: "recency",
    unit: "days",
    knownAt: "rows",
    cumulative: true,
    description: "longest pause between sessions, unknown before the second",
    read: ({ sessions }) => (sessions.gaps === 0 ? Number.NaN : sessions.gapMsMax / 86_400_000),
  },
  {
    name: "weekend_share",
    family: "recency",
    unit: "share",
    knownAt: "rows",
    cumulative: true,
    description: "events on Saturdays and Sundays (UTC) ÷ events, drawn towards 17%",
    read: ({ rhythm, profile }) =>
      smoothedRate((rhythm.weekdays[SATURDAY] ?? 0) + (rhythm.weekdays[SUNDAY] ?? 0), profile.events, WEEKEND),
  },
  {
    name: "hour_spread",
    family: "recency",
    unit: "share",
    knownAt: "rows",
    cumulative: true,
    description: "how evenly the events lie over the hours of the day (entropy ÷ its maximum)",
    read: hourSpread,
  },
];
