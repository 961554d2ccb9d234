import { createRequire } from "node:module";
import type Holidays from "date-holidays";
import { MS_PER_DAY } from "../base/time.js";

type HolidaysClass = typeof Holidays;

const require = createRequire(import.meta.url);
let loaded: HolidaysClass | null = null;

/** Loading it takes a tenth of a second, so only who needs a year outside the table pays for it. */
function holidaysClass(): HolidaysClass {
  loaded ??= require("date-holidays") as HolidaysClass;
  return loaded;
}

/**
 * Public holidays of a state in a year by the rules of `date-holidays`, as whole days since 1970, ascending. The date is the
 * one on the wall there; substitute days count. A pure function, at some milliseconds a call.
 *
 * @param code two letters of a state, or `US` for what the whole country keeps
 */
export function holidaysByRule(code: string, year: number): number[] {
  const Class = holidaysClass();
  const options = { types: ["public" as const], languages: "en" };
  const rules = code === "US" ? new Class("US", options) : new Class("US", code, options);
  const days = rules.getHolidays(year).flatMap(({ type, date }) => {
    const text = date.slice(0, 10);
    return type === "public" && Number(text.slice(0, 4)) === year ? [Date.parse(text) / MS_PER_DAY] : [];
  });
  return [...new Set(days)].sort((a, b) => a - b);
}

/** Two letters of every state that has rules of its own, and of the District of Columbia. */
export function statesWithRules(): string[] {
  return Object.keys(new (holidaysClass())().getStates("US") ?? {}).sort();
}
