import { MS_PER_DAY } from "../base/time.js";

/** Month, weekday (0 Sunday) and which one of the month (−1 the last): the holidays that move. */
const MOVING: readonly (readonly [month: number, weekday: number, nth: number])[] = [
  [1, 1, 3],
  [2, 1, 3],
  [5, 1, -1],
  [9, 1, 1],
  [10, 1, 2],
  [11, 4, 4],
];
const FIXED: readonly (readonly [month: number, day: number])[] = [
  [1, 1],
  [7, 4],
  [11, 11],
  [12, 25],
];

/** Whether a UTC day (days since 1970) is a weekend or a federal holiday of the United States. */
export function isDayOff(day: number): boolean {
  const date = new Date(day * MS_PER_DAY);
  const weekday = date.getUTCDay();
  if (weekday === 0 || weekday === 6) return true;
  const month = date.getUTCMonth() + 1;
  const dayOfMonth = date.getUTCDate();
  if (FIXED.some(([m, d]) => m === month && d === dayOfMonth)) return true;
  return MOVING.some(([m, w, nth]) => m === month && w === weekday && isNth(day, dayOfMonth, nth));
}

function isNth(day: number, dayOfMonth: number, nth: number): boolean {
  if (nth > 0) return Math.ceil(dayOfMonth / 7) === nth;
  return new Date((day + 7) * MS_PER_DAY).getUTCMonth() !== new Date(day * MS_PER_DAY).getUTCMonth();
}
