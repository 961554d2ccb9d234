import { PAGE } from "../../schema/pages.js";
import { inWindow, type Measure } from "../accumulators/recent.js";
import type { Feature } from "../fold.js";
import { smoothedRate } from "../smoothing.js";
import type { States } from "../states.js";

const perSong = (name: string, page: keyof typeof PAGE, rate: number): Feature<States> => ({
  name,
  family: "trouble",
  unit: "per song",
  knownAt: "rows",
  cumulative: true,
  description: `${page} ÷ songs, drawn towards ${rate}`,
  read: ({ pages, listening }) => smoothedRate(pages.all[PAGE[page]] ?? 0, listening.songs, { rate, weight: 200 }),
});

const windowed = (name: string, measure: Measure, what: string): Feature<States> => ({
  name,
  family: "trouble",
  unit: "count",
  knownAt: "rows, cutoff",
  description: `${what} in the last 28 days`,
  read: ({ recent }, cutoff) => inWindow(recent, cutoff, 28, measure),
});

export const TROUBLE: readonly Feature<States>[] = [
  perSong("errors_per_song", "Error", 0.0012),
  perSong("help_per_song", "Help", 0.0063),
  perSong("settings_per_song", "Settings", 0.0072),
  perSong("logouts_per_song", "Logout", 0.014),
  windowed("troubles_28d", "troubles", "visits of Error and Help"),
  windowed("settings_28d", "settings", "visits of Settings"),
];
