import { MS_PER_MINUTE } from "../../base/time.js";
import type { Accumulator } from "../fold.js";

/** A session is (user, sessionId), cut where nothing is heard for this long. */
export const SESSION_IDLE_MS = 30 * MS_PER_MINUTE;

export interface SessionsState {
  /** Sessions begun, the current one included. */
  count: number;
  /** The current session. */
  id: number;
  startMs: number;
  lastMs: number;
  rows: number;
  /** Finished sessions: sums over them. */
  durationMsSum: number;
  rowsSum: number;
  rowsMax: number;
  /** From the end of a session to the start of the next. */
  gaps: number;
  gapMsSum: number;
  gapMsMax: number;
}

/** How often the user comes, for how long, and after what pauses. */
export const sessions: Accumulator<SessionsState> = {
  name: "sessions",
  version: 2,
  empty: () => ({
    count: 0,
    id: -1,
    startMs: Number.NaN,
    lastMs: Number.NaN,
    rows: 0,
    durationMsSum: 0,
    rowsSum: 0,
    rowsMax: 0,
    gaps: 0,
    gapMsSum: 0,
    gapMsMax: 0,
  }),
  add(s, e) {
    const goesOn = s.count > 0 && e.sessionId === s.id && e.tsMs - s.lastMs <= SESSION_IDLE_MS;
    if (goesOn) {
      if (e.tsMs < s.startMs) s.startMs = e.tsMs;
      if (e.tsMs > s.lastMs) s.lastMs = e.tsMs;
      s.rows++;
      return;
    }
    if (s.count > 0) {
      s.durationMsSum += s.lastMs - s.startMs;
      s.rowsSum += s.rows;
      if (s.rows > s.rowsMax) s.rowsMax = s.rows;
      if (e.tsMs > s.lastMs) {
        const gapMs = e.tsMs - s.lastMs;
        s.gaps++;
        s.gapMsSum += gapMs;
        if (gapMs > s.gapMsMax) s.gapMsMax = gapMs;
      }
    }
    s.count++;
    s.id = e.sessionId;
    s.startMs = e.tsMs;
    s.lastMs = e.tsMs;
    s.rows = 1;
  },
};
