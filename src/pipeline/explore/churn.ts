import type { DuckDBConnection } from "@duckdb/node-api";
import type { ChurnDocument } from "../../schema/explore-document.js";
import { rowsOf, spreadOf } from "./query.js";

const CANCELLED = "users WHERE cancelled_ts IS NOT NULL";

/** Who cancels, when, and from which page; null where nobody does. */
export async function churnOf(connection: DuckDBConnection, lastTs: number): Promise<ChurnDocument | null> {
  const [[users = 0, cancelled = 0, userDays = 0] = []] = await rowsOf(
    connection,
    `SELECT count(*), count(cancelled_ts), sum(coalesce(cancelled_ts, ${lastTs}) - first_ts) / 8.64e7 FROM users`,
  );
  if (Number(cancelled) === 0) return null;
  const before = await rowsOf(
    connection,
    `SELECT page, count(*) FROM (
       SELECT user_id, arg_max(page, row(ts, item)) AS page FROM events e JOIN
         (SELECT user_id, arg_max(session_id, row(ts, item)) AS session_id, max(row(ts, item)) AS at
          FROM events WHERE page = 'Cancel' AND user_id <> '' GROUP BY user_id) c USING (user_id, session_id)
       WHERE row(e.ts, e.item) < c.at AND page <> 'Cancel'
         AND user_id IN (SELECT user_id FROM ${CANCELLED}) GROUP BY user_id)
     GROUP BY page ORDER BY count(*) DESC, page`,
  );
  return {
    cancelled: Number(cancelled),
    share: Number(cancelled) / Number(users),
    per1000UserDays: Number(userDays) > 0 ? (1000 * Number(cancelled)) / Number(userDays) : null,
    daysSinceFirstEvent: await spreadOf(connection, "(cancelled_ts - first_ts) / 8.64e7", CANCELLED),
    daysSinceRegistration: await spreadOf(connection, "(cancelled_ts - registration) / 8.64e7", CANCELLED),
    pageBefore: before.map(([page, n]) => ({ page: String(page), users: Number(n) })),
  };
}
