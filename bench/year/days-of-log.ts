import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { MS_PER_DAY, utcDay } from "#src/base/time.js";

/** A UTC day of a log, as its lines came. */
export interface LogDay {
  /** Whole days since 1970. */
  readonly day: number;
  readonly lines: readonly string[];
}

/** A log in order of time, day by day: a year of it would not fit into memory. */
export async function* daysOfLog(path: string): AsyncGenerator<LogDay> {
  let day = Number.NaN;
  let lines: string[] = [];
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    const own = utcDay(Number(/"ts":(\d+)/.exec(line)?.[1]));
    if (own !== day && lines.length > 0) {
      yield { day, lines };
      lines = [];
    }
    day = own;
    lines.push(line);
  }
  if (lines.length > 0) yield { day, lines };
}

/** The midnight at which a day begins, ms. */
export function midnightOf({ day }: LogDay): number {
  return day * MS_PER_DAY;
}
