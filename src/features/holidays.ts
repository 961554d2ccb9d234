import { firstAbove } from "../base/math/sorting.js";
import { MS_PER_DAY } from "../base/time.js";
import { holidaysByRule } from "./holiday-rules.js";
import { HOLIDAY_TABLE, TABLE_YEARS } from "./holiday-table.js";

/** What the whole country keeps: the holidays of a state that we do not know. */
export const COUNTRY = "US";

/**
 * The state whose holidays a user has: the first of the states in the location (`NY-NJ-PA` is New York); `US` where there is
 * none or it is no state of the United States.
 */
export function holidayState(state: string): string {
  const first = state.slice(0, 2);
  return Object.hasOwn(HOLIDAY_TABLE, first) && (state.length === 2 || state[2] === "-") ? first : COUNTRY;
}

/** Days of a year in a line of the table: two base-36 digits each, counted from 1 January as 0. */
const DIGITS = 2;

/**
 * Public holidays of a state in a year, as whole days since 1970, ascending: from the table, which `date-holidays` made, or
 * by its rules outside the table's years.
 */
export function publicHolidays(code: string, year: number): number[] {
  const line = HOLIDAY_TABLE[code]?.split(" ")[year - TABLE_YEARS.from];
  if (line === undefined) return holidaysByRule(code, year);
  const firstDay = Date.UTC(year, 0) / MS_PER_DAY;
  return Array.from(
    { length: line.length / DIGITS },
    (_, i) => firstDay + Number.parseInt(line.slice(i * DIGITS, (i + 1) * DIGITS), 36),
  );
}

/** `publicHolidays` as a word of the table. */
export function holidayWord(days: readonly number[], year: number): string {
  const firstDay = Date.UTC(year, 0) / MS_PER_DAY;
  return days.map((day) => (day - firstDay).toString(36).padStart(DIGITS, "0")).join("");
}

/** The public holidays of one state, looked up by day; each year is worked out once. */
export class HolidayCalendar {
  readonly #code: string;
  readonly #byYear = new Map<number, Int32Array>();

  constructor(code: string) {
    this.#code = code;
  }

  /** Holidays of the UTC days from `from` to `to`, both included, at most a year away from `year`. */
  countBetween(from: number, to: number, year: number): number {
    const days = this.#around(year);
    return firstAbove(days, to) - firstAbove(days, from - 1);
  }

  /** Days from `day` to the next holiday after it. */
  daysToNext(day: number, year: number): number {
    const days = this.#around(year);
    return (days[firstAbove(days, day)] ?? Number.NaN) - day;
  }

  /** Days from the latest holiday to `day`; 0 on a holiday. */
  daysSinceLast(day: number, year: number): number {
    const days = this.#around(year);
    return day - (days[firstAbove(days, day) - 1] ?? Number.NaN);
  }

  /** Those of the year, the one before and the one after. */
  #around(year: number): Int32Array {
    const known = this.#byYear.get(year);
    if (known !== undefined) return known;
    const days = Int32Array.from([year - 1, year, year + 1].flatMap((one) => publicHolidays(this.#code, one)));
    this.#byYear.set(year, days);
    return days;
  }
}
