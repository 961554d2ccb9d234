import type { DuckDBConnection } from "@duckdb/node-api";
import { MS_PER_DAY, utcDay } from "../../base/time.js";
import type { RetentionDocument } from "../../schema/explore-document.js";
import { rowsOf } from "./query.js";
import { dateOf } from "./tables.js";

const WEEK = 7;
const FOUR_WEEKS = 28;
const WEEKLY_DAYS_MAX = 182;
/** A triangle of more rows cannot be read; a log of that length has its latest cohorts shown. */
const COHORTS_MAX = 26;

/** Who comes back: by when they were first seen, step by step; and by when they registered. */
export async function retentionOf(
  connection: DuckDBConnection,
  { firstTs, lastTs }: { readonly firstTs: number; readonly lastTs: number },
): Promise<RetentionDocument> {
  const [first, last] = [utcDay(firstTs), utcDay(lastTs)];
  const stepDays = last - first < WEEKLY_DAYS_MAX ? WEEK : FOUR_WEEKS;
  return {
    stepDays,
    firstSeen: await firstSeen(connection, { first, last, stepDays }),
    registered: await registered(connection, lastTs, stepDays),
  };
}

async function firstSeen(
  connection: DuckDBConnection,
  { first, last, stepDays }: { readonly first: number; readonly last: number; readonly stepDays: number },
): Promise<RetentionDocument["firstSeen"]> {
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE seen AS SELECT user_id, min(day) AS day, (min(day) - ${first}) // ${stepDays} AS cohort
     FROM user_days GROUP BY user_id`,
  );
  // A user has step k when its last day is in the log.
  const rows = await rowsOf(
    connection,
    `WITH sizes AS (SELECT cohort, k, count(*) AS users FROM
         (SELECT cohort, unnest(generate_series(0, (${last} + 1 - day) // ${stepDays} - 1)) AS k FROM seen) GROUP BY cohort, k),
       active AS (SELECT s.cohort, (d.day - s.day) // ${stepDays} AS k, count(DISTINCT user_id) AS users
         FROM user_days d JOIN seen s USING (user_id)
         WHERE s.day + ((d.day - s.day) // ${stepDays} + 1) * ${stepDays} <= ${last} + 1 GROUP BY ALL)
     SELECT sizes.cohort, sizes.k, sizes.users, coalesce(active.users, 0)
     FROM sizes LEFT JOIN active USING (cohort, k) ORDER BY sizes.cohort, sizes.k`,
  );
  const cohorts = await rowsOf(
    connection,
    `SELECT cohort, ${dateOf(`(${first} + cohort * ${stepDays})`)}, count(*) FROM seen GROUP BY cohort ORDER BY cohort`,
  );
  return cohorts.slice(-COHORTS_MAX).map(([cohort, from, users]) => ({
    from: String(from),
    users: Number(users),
    steps: rows
      .filter((row) => row[0] === cohort)
      .map(([, , whole, active]) => ({ users: Number(whole), active: Number(active) })),
  }));
}

async function registered(
  connection: DuckDBConnection,
  lastTs: number,
  stepDays: number,
): Promise<RetentionDocument["registered"]> {
  const rows = await rowsOf(
    connection,
    `SELECT strftime(epoch_ms(registration), '%Y-%m') AS month, count(*), count(cancelled_ts),
       count(*) FILTER (last_ts > ${lastTs - stepDays * MS_PER_DAY} AND cancelled_ts IS NULL)
     FROM users WHERE registration IS NOT NULL GROUP BY month ORDER BY month`,
  );
  return rows.slice(-COHORTS_MAX).map(([month, users, cancelled, active]) => ({
    month: String(month),
    users: Number(users),
    cancelled: Number(cancelled),
    activeAtEnd: Number(active),
  }));
}
