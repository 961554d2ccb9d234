import { PAGE } from "../../schema/pages.js";
import type { Accumulator } from "../fold.js";

export interface ListeningState {
  songs: number;
  /** 10 µs units. */
  length10usSum: number;
  /** The song that plays: its end if heard to the end, ms; NaN for none. */
  songEndsMs: number;
  songSession: number;
  /** Songs that another one in the same session cut off more than two seconds before their end. */
  skips: number;
}

const SKIP_TOLERANCE_MS = 2_000;

/** Songs and hours heard, and songs cut short by the next one. */
export const listening: Accumulator<ListeningState> = {
  name: "listening",
  version: 1,
  empty: () => ({ songs: 0, length10usSum: 0, songEndsMs: Number.NaN, songSession: -1, skips: 0 }),
  add(s, e) {
    if (e.page !== PAGE.NextSong) return;
    s.songs++;
    if (s.songSession === e.sessionId && e.tsMs < s.songEndsMs - SKIP_TOLERANCE_MS) s.skips++;
    if (e.length10us < 0) return;
    s.length10usSum += e.length10us;
    s.songEndsMs = e.tsMs + e.length10us / 100;
    s.songSession = e.sessionId;
  },
};
