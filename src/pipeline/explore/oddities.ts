import type { DuckDBConnection } from "@duckdb/node-api";
import type { OddityDocument } from "../../schema/explore-document.js";
import { rowsOf } from "./query.js";
import { dayOf } from "./tables.js";

interface Check {
  readonly unit: string;
  readonly meaning: string;
  /** One row: how many were found, of how many. */
  readonly sql: string;
}

const CHECKS = {
  rows_without_user: {
    unit: "events",
    meaning: "have no user id: logged out, or a guest; refrain recover gives back those it can",
    sql: "SELECT count(*) FILTER (user_id = ''), count(*) FROM events",
  },
  session_ids_shared: {
    unit: "session ids",
    meaning: "are used by several users: a session is told apart by user and id together",
    sql: "SELECT count(*) FILTER (n > 1), count(*) FROM (SELECT count(*) AS n FROM sessions GROUP BY session_id)",
  },
  days_without_events: {
    unit: "days",
    meaning: "between the first and the last hold no event: the log may have a hole",
    sql: `SELECT max(day) - min(day) + 1 - count(*), max(day) - min(day) + 1 FROM (SELECT DISTINCT ${dayOf("ts")} AS day FROM events)`,
  },
  events_after_cancellation: {
    unit: "events",
    meaning: "of users who cancelled come after their cancellation: users who came back, or ids given out twice",
    sql: `SELECT count(*) FILTER (e.ts > u.cancelled_ts), count(*) FROM events e
      JOIN (SELECT user_id, cancelled_ts FROM users WHERE cancelled_ts IS NOT NULL) u USING (user_id)`,
  },
  nearly_duplicate: {
    unit: "events",
    meaning:
      "repeat user, time and page of another under a different session or item: exact repeats were left out on the way in",
    sql: `SELECT coalesce(sum(n - 1), 0), coalesce(sum(n), 0) FROM
      (SELECT count(*) AS n FROM events WHERE user_id <> '' GROUP BY user_id, ts, page)`,
  },
  clock_went_back: {
    unit: "events",
    meaning: "are earlier than the item before them in their session: clocks that jump, or items out of order",
    sql: `SELECT count(*) FILTER (back), count(*) FROM (SELECT ts < lag(ts) OVER (PARTITION BY user_id, session_id ORDER BY item, ts) AS back
      FROM events WHERE user_id <> '')`,
  },
  pages_unknown: {
    unit: "events",
    meaning: "are of pages that no feature knows",
    sql: "SELECT count(*) FILTER (page_code = 0), count(*) FROM events",
  },
  level_unknown: {
    unit: "events",
    meaning: "do not say on which plan the user is",
    sql: "SELECT count(*) FILTER (level IS NULL), count(*) FROM events",
  },
  songs_without_length: {
    unit: "songs",
    meaning: "have no length: hours of music are then too few",
    sql: "SELECT count(*) FILTER (length_10us IS NULL), count(*) FROM events WHERE page = 'NextSong'",
  },
  days_over_24_hours_of_music: {
    unit: "days of users",
    meaning:
      "hold more than 24 hours of music: several listeners on one account, songs that were skipped, or a machine",
    sql: "SELECT count(*) FILTER (music_hours > 24), count(*) FROM user_days",
  },
  sessions_over_24_hours: {
    unit: "sessions",
    meaning: "last longer than 24 hours",
    sql: "SELECT count(*) FILTER (last_ts - first_ts > 86400000), count(*) FROM sessions",
  },
  registered_after_first_event: {
    unit: "users",
    meaning: "were seen before they registered: a wrong clock, or an account made anew",
    sql: "SELECT count(*) FILTER (registration > first_ts), count(*) FROM users",
  },
  registration_unknown: {
    unit: "users",
    meaning: "have no time of registration: their tenure counts from their first event",
    sql: "SELECT count(*) FILTER (registration IS NULL), count(*) FROM users",
  },
  several_registrations: {
    unit: "users",
    meaning: "have several times of registration: ids may have been given out twice",
    sql: "SELECT count(*) FILTER (registrations > 1), count(*) FROM users",
  },
} as const satisfies Record<string, Check>;

/** What a careful reader of the log would trip over, counted; a check that finds nothing says so with 0. */
export async function odditiesOf(connection: DuckDBConnection): Promise<OddityDocument[]> {
  const found: OddityDocument[] = [];
  for (const [code, { unit, meaning, sql }] of Object.entries<Check>(CHECKS)) {
    const [[count = 0, of = 0] = []] = await rowsOf(connection, sql);
    found.push({ code, found: Number(count), of: Number(of), unit, meaning });
  }
  return found;
}
