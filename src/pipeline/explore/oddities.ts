import type { DuckDBConnection } from "@duckdb/node-api";
import type { OddityDocument } from "../../schema/explore-document.js";
import { rowsOf } from "./query.js";
import { dayOf } from "./tables.js";

interface Check {
  readonly what: string;
  readonly meaning: string;
  /** One row: how many were found, of how many. */
  readonly sql: string;
}

const CHECKS = {
  rows_without_user: {
    what: "events without a user id",
    meaning: "logged out, or a guest; refrain recover gives back those it can",
    sql: "SELECT count(*) FILTER (user_id = ''), count(*) FROM events",
  },
  session_ids_shared: {
    what: "session ids of several users",
    meaning: "a session is told apart by user and id together",
    sql: "SELECT count(*) FILTER (n > 1), count(*) FROM (SELECT count(*) AS n FROM sessions GROUP BY session_id)",
  },
  days_without_events: {
    what: "days without an event between the first and the last",
    meaning: "the log may have a hole",
    sql: `SELECT max(day) - min(day) + 1 - count(*), max(day) - min(day) + 1 FROM (SELECT DISTINCT ${dayOf("ts")} AS day FROM events)`,
  },
  events_after_cancellation: {
    what: "events after their user's cancellation",
    meaning: "users who came back, or ids given out twice; shares are of the events of those who cancelled",
    sql: `SELECT count(*) FILTER (e.ts > u.cancelled_ts), count(*) FROM events e
      JOIN (SELECT user_id, cancelled_ts FROM users WHERE cancelled_ts IS NOT NULL) u USING (user_id)`,
  },
  nearly_duplicate: {
    what: "events that repeat user, time and page of another",
    meaning: "under a different session or item; exact repeats were left out on the way in",
    sql: `SELECT coalesce(sum(n - 1), 0), coalesce(sum(n), 0) FROM
      (SELECT count(*) AS n FROM events WHERE user_id <> '' GROUP BY user_id, ts, page)`,
  },
  clock_went_back: {
    what: "events earlier than the item before them in their session",
    meaning: "clocks that jump, or items out of order",
    sql: `SELECT count(*) FILTER (back), count(*) FROM (SELECT ts < lag(ts) OVER (PARTITION BY user_id, session_id ORDER BY item, ts) AS back
      FROM events WHERE user_id <> '')`,
  },
  pages_unknown: {
    what: "events of pages that no feature knows",
    meaning: "they count as activity only",
    sql: "SELECT count(*) FILTER (page_code = 0), count(*) FROM events",
  },
  level_unknown: {
    what: "events that do not say the plan",
    meaning: "the plan is then the one last known",
    sql: "SELECT count(*) FILTER (level IS NULL), count(*) FROM events",
  },
  songs_without_length: {
    what: "songs without a length",
    meaning: "hours of music are too few",
    sql: "SELECT count(*) FILTER (length_10us IS NULL), count(*) FROM events WHERE page = 'NextSong'",
  },
  days_over_24_hours_of_music: {
    what: "days of a user with more than 24 hours of music",
    meaning: "several listeners on one account, songs that were skipped, or a machine",
    sql: "SELECT count(*) FILTER (music_hours > 24), count(*) FROM user_days",
  },
  sessions_over_24_hours: {
    what: "sessions longer than 24 hours",
    meaning: "left open, or one id used again",
    sql: "SELECT count(*) FILTER (last_ts - first_ts > 86400000), count(*) FROM sessions",
  },
  registered_after_first_event: {
    what: "users seen before they registered",
    meaning: "a wrong clock, or an account made anew",
    sql: "SELECT count(*) FILTER (registration > first_ts), count(*) FROM users",
  },
  registration_unknown: {
    what: "users without a time of registration",
    meaning: "their tenure counts from their first event",
    sql: "SELECT count(*) FILTER (registration IS NULL), count(*) FROM users",
  },
  several_registrations: {
    what: "users with several times of registration",
    meaning: "ids may have been given out twice",
    sql: "SELECT count(*) FILTER (registrations > 1), count(*) FROM users",
  },
} as const satisfies Record<string, Check>;

/** What a careful reader of the log would trip over, counted; a check that finds nothing says so with 0. */
export async function odditiesOf(connection: DuckDBConnection): Promise<OddityDocument[]> {
  const found: OddityDocument[] = [];
  for (const [code, { what, meaning, sql }] of Object.entries<Check>(CHECKS)) {
    const [[count = 0, of = 0] = []] = await rowsOf(connection, sql);
    found.push({ code, found: Number(count), of: Number(of), what, meaning });
  }
  return found;
}
