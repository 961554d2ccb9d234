// hot loop
import { MS_PER_DAY, MS_PER_HOUR, utcDay } from "../../base/time.js";
import type { Accumulator } from "../fold.js";

export interface RhythmState {
  /** Songs and pages by UTC hour of the day, and by weekday from Monday. */
  hours: Float64Array;
  weekdays: Float64Array;
  /** Distinct UTC days with an event; a row that comes late for a day already passed adds none. */
  activeDays: number;
  lastDay: number;
}

/** When the user listens. 1970-01-01 was a Thursday. */
export const rhythm: Accumulator<RhythmState> = {
  name: "rhythm",
  version: 1,
  empty: () => ({ hours: new Float64Array(24), weekdays: new Float64Array(7), activeDays: 0, lastDay: -1 }),
  add(s, e) {
    const day = utcDay(e.tsMs);
    s.hours[Math.floor((e.tsMs - day * MS_PER_DAY) / MS_PER_HOUR)]!++;
    s.weekdays[(day + 3) % 7]!++;
    if (day > s.lastDay) {
      s.activeDays++;
      s.lastDay = day;
    }
  },
};
