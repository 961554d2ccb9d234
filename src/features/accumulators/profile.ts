import { LEVEL, PAGE } from "../../schema/pages.js";
import type { Accumulator } from "../fold.js";

export interface ProfileState {
  /** Time of the first and the latest event, ms; the first is NaN before any event. */
  firstTsMs: number;
  lastTsMs: number;
  events: number;
  registrationMs: number;
  gender: number;
  state: number;
  /** Level of the latest event in time that names one. */
  level: number;
  levelTsMs: number;
  /** When the level last changed, NaN if never. */
  levelChangedMs: number;
  levelChanges: number;
  everPaid: number;
  /** Time of the Cancellation Confirmation, NaN for none. */
  cancelledMs: number;
}

/** Who the user is, since when, on which plan. */
export const profile: Accumulator<ProfileState> = {
  name: "profile",
  version: 1,
  stateCodes: ["state"],
  empty: () => ({
    firstTsMs: Number.NaN,
    lastTsMs: Number.NaN,
    events: 0,
    registrationMs: Number.NaN,
    gender: 0,
    state: 0,
    level: LEVEL.unknown,
    levelTsMs: Number.NEGATIVE_INFINITY,
    levelChangedMs: Number.NaN,
    levelChanges: 0,
    everPaid: 0,
    cancelledMs: Number.NaN,
  }),
  add(s, e) {
    s.events++;
    if (!(s.firstTsMs <= e.tsMs)) s.firstTsMs = e.tsMs;
    if (!(s.lastTsMs >= e.tsMs)) s.lastTsMs = e.tsMs;
    if (Number.isNaN(s.registrationMs)) s.registrationMs = e.registrationMs;
    if (s.gender === 0) s.gender = e.gender;
    if (s.state === 0) s.state = e.state;
    if (e.page === PAGE["Cancellation Confirmation"] && Number.isNaN(s.cancelledMs)) s.cancelledMs = e.tsMs;
    if (e.level !== LEVEL.unknown && e.tsMs >= s.levelTsMs) {
      if (s.level !== LEVEL.unknown && s.level !== e.level) {
        s.levelChangedMs = e.tsMs;
        s.levelChanges++;
      }
      s.level = e.level;
      s.levelTsMs = e.tsMs;
      if (e.level === LEVEL.paid) s.everPaid = 1;
    }
  },
};
