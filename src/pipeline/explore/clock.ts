import type { DuckDBConnection } from "@duckdb/node-api";
import { utcDay } from "../../base/time.js";
import type { ClockDocument } from "../../schema/explore-document.js";
import { rowsOf } from "./query.js";

const HOURS = 24;
const WEEKDAYS = 7;
/** 1970-01-01 was a Thursday, the fourth day from Monday. */
const EPOCH_WEEKDAY = 3;

/** Events and session starts by hour and weekday, UTC. */
export async function clockOf(
  connection: DuckDBConnection,
  { firstTs, lastTs }: { readonly firstTs: number; readonly lastTs: number },
): Promise<ClockDocument> {
  const counts = (column: string, from: string) =>
    rowsOf(
      connection,
      `SELECT isodow(epoch_ms(${column})) - 1 AS weekday, hour(epoch_ms(${column})) AS hour, count(*) FROM ${from}
       GROUP BY weekday, hour`,
    );
  const events = await counts("ts", "events");
  const starts = await counts("first_ts", "sessions");
  const [first, last] = [utcDay(firstTs), utcDay(lastTs)];
  const sum = (rows: typeof events, axis: 0 | 1, at: number) =>
    rows.reduce((total, row) => total + (row[axis] === at ? Number(row[2]) : 0), 0);
  return {
    hours: Array.from({ length: HOURS }, (_, hour) => ({
      events: sum(events, 1, hour),
      sessionStarts: sum(starts, 1, hour),
    })),
    weekdays: Array.from({ length: WEEKDAYS }, (_, weekday) => ({
      days: daysOn(weekday, first, last),
      events: sum(events, 0, weekday),
      sessionStarts: sum(starts, 0, weekday),
    })),
  };
}

/** How many of the days `first` to `last`, both included, fall on a weekday (0 is Monday). */
export function daysOn(weekday: number, first: number, last: number): number {
  const upTo = (day: number) => Math.floor((day + EPOCH_WEEKDAY - weekday) / WEEKDAYS);
  return upTo(last) - upTo(first - 1);
}
