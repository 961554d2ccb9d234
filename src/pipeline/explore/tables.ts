import type { DuckDBConnection } from "@duckdb/node-api";
import { PAGE_CODE_SQL } from "../../store/code-sql.js";
import { eventsSql, type Lake } from "../../store/lake.js";

/** Whole UTC days since 1970-01-01 of a column of milliseconds. */
export const dayOf = (column: string) => `floor(${column} / 86400000.0)::BIGINT`;

/** `2018-10-01` of a column of whole days. */
export const dateOf = (column: string) => `strftime(epoch_ms(${column} * 86400000), '%Y-%m-%d')`;

/**
 * What all figures are made from: the view `events` on the lake's files, and the tables `sessions` (a row a user and
 * sessionId), `user_days` and `users`, from rows that carry a user id. Each is one pass over the columns it needs; the
 * tables grow with sessions and users, not with events, and DuckDB spills what is larger than its memory.
 */
export async function makeTables(connection: DuckDBConnection, lake: Lake): Promise<void> {
  await connection.run(
    `CREATE TEMP VIEW events AS SELECT user_id, ts, session_id, item, page, ${PAGE_CODE_SQL} AS page_code, level,
       length_10us, registration, gender FROM ${eventsSql(lake.home, lake.manifest.files)}`,
  );
  await connection.run(
    `CREATE TEMP TABLE sessions AS SELECT user_id, session_id, min(ts) AS first_ts, max(ts) AS last_ts,
       count(*) AS events, count(*) FILTER (page = 'NextSong') AS songs
     FROM events WHERE user_id <> '' GROUP BY user_id, session_id`,
  );
  await connection.run(
    `CREATE TEMP TABLE user_days AS SELECT user_id, ${dayOf("ts")} AS day, count(*) AS events,
       coalesce(sum(length_10us) FILTER (page = 'NextSong'), 0) / 3.6e8 AS music_hours
     FROM events WHERE user_id <> '' GROUP BY user_id, day`,
  );
  await connection.run(
    `CREATE TEMP TABLE users AS SELECT user_id, min(ts) AS first_ts, max(ts) AS last_ts, count(*) AS events,
       count(*) FILTER (page = 'NextSong') AS songs, arg_min(level, row(ts, item)) FILTER (level IS NOT NULL) AS first_level,
       coalesce(bool_or(level = 'paid'), false) AS paid, coalesce(bool_or(level = 'free'), false) AS free,
       count(*) FILTER (page = 'Submit Upgrade') AS upgrades, count(*) FILTER (page = 'Submit Downgrade') AS downgrades,
       min(ts) FILTER (page = 'Cancellation Confirmation') AS cancelled_ts, min(registration) AS registration,
       count(DISTINCT registration) AS registrations, min(gender) AS gender
     FROM events WHERE user_id <> '' GROUP BY user_id`,
  );
}
