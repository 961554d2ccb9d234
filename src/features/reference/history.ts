// hot loop
import { utcDay } from "../../base/time.js";
import { LEVEL, PAGES } from "../../schema/pages.js";
import type { Accumulator } from "../fold.js";

export interface SessionSpan {
  itemMax: number;
  firstMs: number;
  lastMs: number;
}

export interface HistoryState {
  events: number;
  itemSum: number;
  pages: Float64Array;
  sessions: Map<number, SessionSpan>;
  songs: number;
  timed: number;
  length10usSum: number;
  artists: Set<number>;
  songIds: Set<number>;
  days: Set<number>;
  registrationMs: number;
  gender: number;
  state: number;
  level: number;
  seenFree: boolean;
  seenPaid: boolean;
  lastTsMs: number;
}

/**
 * Everything the reference system's 46 features need, with exact and unbounded sets. Its sessions are (user, sessionId)
 * uncut. Never live: the state grows with the user's history.
 */
export const history: Accumulator<HistoryState> = {
  name: "history",
  version: 1,
  empty: () => ({
    events: 0,
    itemSum: 0,
    pages: new Float64Array(PAGES.length),
    sessions: new Map(),
    songs: 0,
    timed: 0,
    length10usSum: 0,
    artists: new Set(),
    songIds: new Set(),
    days: new Set(),
    registrationMs: Number.NaN,
    gender: 0,
    state: 0,
    level: LEVEL.free,
    seenFree: false,
    seenPaid: false,
    lastTsMs: Number.NEGATIVE_INFINITY,
  }),
  add(s, e) {
    s.events++;
    s.itemSum += e.item;
    s.pages[e.page]!++;
    s.days.add(utcDay(e.tsMs));
    if (Number.isNaN(s.registrationMs)) s.registrationMs = e.registrationMs;
    if (s.gender === 0) s.gender = e.gender;
    if (s.state === 0) s.state = e.state;
    if (e.level === LEVEL.paid) s.seenPaid = true;
    else s.seenFree = true;
    if (e.tsMs >= s.lastTsMs) {
      s.lastTsMs = e.tsMs;
      s.level = e.level;
    }
    if (e.song >= 0) {
      s.songs++;
      s.songIds.add(e.song);
      if (e.artist >= 0) s.artists.add(e.artist);
      if (e.length10us >= 0) {
        s.timed++;
        s.length10usSum += e.length10us;
      }
    }
    const span = s.sessions.get(e.sessionId);
    if (span === undefined) {
      s.sessions.set(e.sessionId, { itemMax: e.item, firstMs: e.tsMs, lastMs: e.tsMs });
      return;
    }
    span.itemMax = Math.max(span.itemMax, e.item);
    span.firstMs = Math.min(span.firstMs, e.tsMs);
    span.lastMs = Math.max(span.lastMs, e.tsMs);
  },
};
