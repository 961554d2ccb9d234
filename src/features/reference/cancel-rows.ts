import { AUTH, PAGE } from "../../schema/pages.js";
import type { KnownEvent } from "../fold.js";
import type { HistoryState } from "./history.js";

/** The two rows of a fictitious cancellation at `atMs`, in a session of their own: what a placebo appends to a log cut short. */
export function cancelRows(state: HistoryState, atMs: number): KnownEvent[] {
  return [PAGE.Cancel, PAGE["Cancellation Confirmation"]].map((page, item) => ({
    tsMs: atMs,
    knownAtMs: atMs,
    sessionId: -1,
    item,
    page,
    level: state.level,
    auth: AUTH.loggedIn,
    status: 200,
    length10us: -1,
    artist: -1,
    song: -1,
    registrationMs: state.registrationMs,
    gender: state.gender,
    state: state.state,
  }));
}
