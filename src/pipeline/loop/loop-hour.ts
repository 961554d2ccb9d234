import { asInstant, type Instant, MS_PER_DAY } from "../../base/time.js";

/** The date for which the loop is due at a moment, as its UTC midnight: the local date, from an hour on; before it the day before. */
export function dueDate(
  now: Instant,
  { loopZone, loopHour }: { readonly loopZone: string; readonly loopHour: number },
): Instant {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: loopZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    hourCycle: "h23",
  }).formatToParts(now);
  const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value ?? 0);
  const date = Date.UTC(of("year"), of("month") - 1, of("day"));
  return asInstant(of("hour") >= loopHour ? date : date - MS_PER_DAY);
}
