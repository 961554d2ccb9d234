import type { Accumulator } from "../fold.js";
import { addToSet, type DistinctSet, emptySet } from "./distinct.js";

export interface VarietyState {
  artists: DistinctSet;
  songs: DistinctSet;
}

/** How many different artists and songs were heard. */
export const variety: Accumulator<VarietyState> = {
  name: "variety",
  version: 1,
  empty: () => ({ artists: emptySet(), songs: emptySet() }),
  add(s, e) {
    if (e.artist >= 0) addToSet(s.artists, e.artist);
    if (e.song >= 0) addToSet(s.songs, e.song);
  },
};
