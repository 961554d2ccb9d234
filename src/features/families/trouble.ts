import { PAGE } from "../../schema/pages.js";
import type { Feature } from "../fold.js";
import { smoothedRate } from "../smoothing.js";
import type { States } from "../states.js";

const perSong = (name: string, page: keyof typeof PAGE, rate: number): Feature<States> => ({
  name,
  family: "trouble",
  unit: "per song",
  description: `${page} ÷ songs, drawn towards ${rate}`,
  read: ({ pages, listening }) => smoothedRate(pages.all[PAGE[page]] ?? 0, listening.songs, { rate, weight: 200 }),
});

export const TROUBLE: readonly Feature<States>[] = [
  perSong("errors_per_song", "Error", 0.0012),
  perSong("help_per_song", "Help", 0.0063),
  perSong("settings_per_song", "Settings", 0.0072),
  perSong("logouts_per_song", "Logout", 0.014),
];
