import type { Feature } from "../fold.js";
import { daysBetween, smoothedRate } from "../smoothing.js";
import type { States } from "../states.js";

const silence = ({ profile }: States, cutoff: number): number => daysBetween(profile.lastTsMs, cutoff);

/** Mean days from a session's end to the next start, drawn towards five by two pauses. */
const usualPause = ({ sessions }: States): number =>
  smoothedRate(sessions.gapMsSum / 86_400_000, sessions.gaps, { rate: 5, weight: 2 });

export const RECENCY: readonly Feature<States>[] = [
  {
    name: "days_since_last_event",
    family: "recency",
    unit: "days",
    description: "days from the last known event to the cutoff",
    read: silence,
  },
  {
    name: "usual_pause_days",
    family: "recency",
    unit: "days",
    description: "mean pause between sessions, drawn towards five days",
    read: usualPause,
  },
  {
    name: "silence_against_usual",
    family: "recency",
    unit: "ratio",
    description: "days since the last event ÷ usual pause",
    read: (states, cutoff) => silence(states, cutoff) / usualPause(states),
  },
];
