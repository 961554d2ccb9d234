import type { DuckDBConnection } from "@duckdb/node-api";
import type { PlanHistory, UsersDocument } from "../../schema/explore-document.js";
import { rowsOf, spreadOf } from "./query.js";

const PLAN = `CASE WHEN paid AND free THEN 'switched' WHEN paid THEN 'alwaysPaid' WHEN free THEN 'neverPaid' ELSE 'unknown' END`;
const GENDER = "CASE WHEN gender IN ('F', 'M') THEN gender ELSE 'unknown' END";

/** Who the users are, by the plans they were seen on, and how much they did. */
export async function usersOf(connection: DuckDBConnection): Promise<UsersDocument> {
  const plans = await rowsOf(
    connection,
    `SELECT ${PLAN} AS plan, count(*), count(cancelled_ts), sum(events), sum(songs), sum(s.sessions)
     FROM users JOIN (SELECT user_id, count(*) AS sessions FROM sessions GROUP BY user_id) s USING (user_id)
     GROUP BY plan ORDER BY plan`,
  );
  const genders = await rowsOf(connection, `SELECT ${GENDER} AS g, count(*) FROM users GROUP BY g`);
  const [totals = []] = await rowsOf(
    connection,
    "SELECT count(*), coalesce(sum(upgrades), 0), coalesce(sum(downgrades), 0) FROM users",
  );
  const gender = new Map(genders.map(([name, n]) => [name, Number(n)]));
  return {
    n: Number(totals[0]),
    plans: plans.map(([plan, users, cancelled, events, songs, sessions]) => ({
      plan: plan as PlanHistory,
      users: Number(users),
      cancelled: Number(cancelled),
      events: Number(events),
      songs: Number(songs),
      sessions: Number(sessions),
    })),
    genders: { F: gender.get("F") ?? 0, M: gender.get("M") ?? 0, unknown: gender.get("unknown") ?? 0 },
    upgrades: Number(totals[1]),
    downgrades: Number(totals[2]),
    sessions: await spreadOf(connection, "n", "(SELECT count(*) AS n FROM sessions GROUP BY user_id)"),
    activeDays: await spreadOf(connection, "n", "(SELECT count(*) AS n FROM user_days GROUP BY user_id)"),
    spanDays: await spreadOf(connection, "(last_ts - first_ts) / 8.64e7", "users"),
  };
}
