import { inWindow } from "../accumulators/recent.js";
import type { Feature } from "../fold.js";
import { ratio, smoothedRate } from "../smoothing.js";
import type { States } from "../states.js";

const TEN_US_PER_HOUR = 360_000_000;
const TEN_US_PER_SECOND = 100_000;

const hours = (days: number): Feature<States> => ({
  name: `hours_${days}d`,
  family: "listening",
  unit: "hours",
  knownAt: "rows, cutoff",
  description: `hours of songs started in the last ${days} days`,
  read: ({ recent }, cutoff) => inWindow(recent, cutoff, days, "length10us") / TEN_US_PER_HOUR,
});

export const LISTENING: readonly Feature<States>[] = [
  {
    name: "log_songs",
    family: "listening",
    unit: "log",
    knownAt: "rows",
    cumulative: true,
    description: "logarithm of 1 + songs since the first event",
    undo: Math.expm1,
    read: ({ listening }) => Math.log1p(listening.songs),
  },
  hours(7),
  hours(28),
  {
    name: "songs_per_session",
    family: "listening",
    unit: "ratio",
    knownAt: "rows",
    cumulative: true,
    description: "songs ÷ sessions",
    read: ({ listening, sessions }) => ratio(listening.songs, sessions.count),
  },
  {
    name: "song_seconds",
    family: "listening",
    unit: "seconds",
    knownAt: "rows",
    cumulative: true,
    description: "mean length of the songs",
    read: ({ listening }) => ratio(listening.length10usSum / TEN_US_PER_SECOND, listening.songs),
  },
  {
    name: "skip_share",
    family: "listening",
    unit: "share",
    knownAt: "rows",
    cumulative: true,
    description: "songs cut off by the next one, drawn towards 2%",
    read: ({ listening }) => smoothedRate(listening.skips, listening.songs, { rate: 0.02, weight: 50 }),
  },
];
