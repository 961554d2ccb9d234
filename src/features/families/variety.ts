import { sizeOfSet } from "../accumulators/distinct.js";
import type { Feature } from "../fold.js";
import { ratio } from "../smoothing.js";
import type { States } from "../states.js";

export const VARIETY: readonly Feature<States>[] = [
  {
    name: "artists",
    family: "variety",
    unit: "count",
    knownAt: "rows",
    cumulative: true,
    description: "different artists (exact to 512, estimated beyond)",
    read: ({ variety }) => sizeOfSet(variety.artists),
  },
  {
    name: "different_songs",
    family: "variety",
    unit: "count",
    knownAt: "rows",
    cumulative: true,
    description: "different songs (exact to 512, estimated beyond)",
    read: ({ variety }) => sizeOfSet(variety.songs),
  },
  {
    name: "artists_per_song",
    family: "variety",
    unit: "share",
    knownAt: "rows",
    cumulative: true,
    description: "different artists ÷ songs",
    read: ({ variety, listening }) => ratio(sizeOfSet(variety.artists), listening.songs),
  },
  {
    name: "repeat_share",
    family: "variety",
    unit: "share",
    knownAt: "rows",
    cumulative: true,
    description: "share of plays that repeat a song (estimated beyond 512 songs, then at least 0)",
    read: ({ variety, listening }) => Math.max(0, 1 - ratio(sizeOfSet(variety.songs), listening.songs)),
  },
];
