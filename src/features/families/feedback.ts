import { PAGE } from "../../schema/pages.js";
import { inWindow, type Measure } from "../accumulators/recent.js";
import type { Feature } from "../fold.js";
import { smoothedRate } from "../smoothing.js";
import type { States } from "../states.js";

/** Pages per song of the public logs, worth this many songs of evidence. */
const SONGS = 100;

const perSong = (name: string, page: keyof typeof PAGE, rate: number): Feature<States> => ({
  name,
  family: "feedback",
  unit: "per song",
  knownAt: "rows",
  cumulative: true,
  description: `${page} ÷ songs, drawn towards ${rate}`,
  read: ({ pages, listening }) => smoothedRate(pages.all[PAGE[page]] ?? 0, listening.songs, { rate, weight: SONGS }),
});

const share = (up: number, down: number) => smoothedRate(up, up + down, { rate: 0.82, weight: 10 });

const windowed = (name: string, measure: Measure, what: string): Feature<States> => ({
  name,
  family: "feedback",
  unit: "count",
  knownAt: "rows, cutoff",
  description: `${what} in the last 28 days`,
  read: ({ recent }, cutoff) => inWindow(recent, cutoff, 28, measure),
});

export const FEEDBACK: readonly Feature<States>[] = [
  perSong("thumbs_up_per_song", "Thumbs Up", 0.055),
  perSong("thumbs_down_per_song", "Thumbs Down", 0.0115),
  {
    name: "log_thumbs_down_per_song",
    family: "feedback",
    unit: "log",
    knownAt: "rows",
    cumulative: true,
    description: "logarithm of thumbs down per song",
    undo: Math.exp,
    read: ({ pages, listening }) =>
      Math.log(smoothedRate(pages.all[PAGE["Thumbs Down"]] ?? 0, listening.songs, { rate: 0.0115, weight: SONGS })),
  },
  {
    name: "thumbs_up_share",
    family: "feedback",
    unit: "share",
    knownAt: "rows",
    cumulative: true,
    description: "thumbs up ÷ thumbs, drawn towards 0.82",
    read: ({ pages }) => share(pages.all[PAGE["Thumbs Up"]] ?? 0, pages.all[PAGE["Thumbs Down"]] ?? 0),
  },
  perSong("playlist_adds_per_song", "Add to Playlist", 0.028),
  perSong("friends_per_song", "Add Friend", 0.0185),
  windowed("thumbs_down_28d", "thumbsDown", "thumbs down"),
  windowed("thumbs_up_28d", "thumbsUp", "thumbs up"),
  windowed("social_28d", "social", "friends and songs for playlists added"),
  {
    name: "thumbs_down_per_song_28d",
    family: "feedback",
    unit: "per song",
    knownAt: "rows, cutoff",
    description: "thumbs down ÷ songs in the last 28 days, drawn towards 0.0115",
    read: ({ recent }, cutoff) =>
      smoothedRate(inWindow(recent, cutoff, 28, "thumbsDown"), inWindow(recent, cutoff, 28, "songs"), {
        rate: 0.0115,
        weight: SONGS,
      }),
  },
  {
    name: "thumbs_up_share_28d",
    family: "feedback",
    unit: "share",
    knownAt: "rows, cutoff",
    description: "thumbs up ÷ thumbs in the last 28 days, drawn towards 0.82",
    read: ({ recent }, cutoff) =>
      share(inWindow(recent, cutoff, 28, "thumbsUp"), inWindow(recent, cutoff, 28, "thumbsDown")),
  },
];
