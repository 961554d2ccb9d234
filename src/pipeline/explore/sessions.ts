import type { DuckDBConnection } from "@duckdb/node-api";
import type { SessionsDocument } from "../../schema/explore-document.js";
import { spreadOf } from "./query.js";

const GAPS = `(SELECT (first_ts - lag(last_ts) OVER (PARTITION BY user_id ORDER BY first_ts, session_id)) / 3.6e6 AS hours
  FROM sessions) WHERE hours >= 0`;

/** Length of sessions and the time between them; sessions that overlap have no gap between them. */
export async function sessionsOf(connection: DuckDBConnection): Promise<SessionsDocument> {
  return {
    events: await spreadOf(connection, "events", "sessions"),
    songs: await spreadOf(connection, "songs", "sessions"),
    minutes: await spreadOf(connection, "(last_ts - first_ts) / 6e4", "sessions"),
    gapHours: await spreadOf(connection, "hours", GAPS),
  };
}
