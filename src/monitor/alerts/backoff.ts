import { MS_PER_HOUR, MS_PER_MINUTE } from "../../base/time.js";

const LONGEST_MS = 6 * MS_PER_HOUR;

/** Who could not be told after so many times, which is some days, is not told any more. */
export const ATTEMPTS_MAX = 20;

/** How long to wait after so many failed attempts: a minute, two, four … six hours. */
export function backoffMs(attempts: number): number {
  return Math.min(LONGEST_MS, MS_PER_MINUTE * 2 ** Math.min(20, Math.max(0, attempts - 1)));
}
