import type { World } from "../base/world.js";
import { eventsSql, type Lake } from "./lake.js";
import { withLake } from "./with-lake.js";

/** Users of a UTC day, by the ids that rows came with. */
export interface DayActivity {
  readonly dayMs: number;
  /** Different users with an event in the trailing 1, 7 and 28 days. */
  readonly active1: number;
  readonly active7: number;
  readonly active28: number;
  /** Of the 28 days' users, by what they were last: plan, and month of registration (`""` unknown). */
  readonly groups: readonly ActiveGroup[];
}

export interface ActiveGroup {
  readonly plan: string;
  readonly cohort: string;
  readonly active: number;
  /** Who cancelled on the day. */
  readonly churned: number;
}

const DAY_MS = 86_400_000;
const MONTH_DAYS = 28;

/** Activity of each day of a span, whether anything happened on it or not. Throws `LAKE_BROKEN`. */
export async function readActivity(
  lake: Lake,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  world: World,
): Promise<DayActivity[]> {
  const sinceMs = fromMs - (MONTH_DAYS - 1) * DAY_MS;
  const files = lake.manifest.files.filter((file) => file.lastTs >= sinceMs && file.firstTs < toMs);
  if (files.length === 0 || toMs <= fromMs) return [];
  return withLake(
    lake,
    async (connection) => {
      // One row a user and day; what was last said of plan and registration goes with it.
      await connection.run(
        `CREATE TEMP TABLE seen AS SELECT ts // ${DAY_MS} AS day, user_id, arg_max(level, ts) AS level,
           max(registration) AS registration, bool_or(page = 'Cancellation Confirmation') AS churned
         FROM ${eventsSql(lake.home, files)} WHERE user_id <> '' AND ts >= ${sinceMs} AND ts < ${toMs} GROUP BY ALL`,
      );
      await connection.run(
        `CREATE TEMP TABLE days AS SELECT unnest(range(${fromMs / DAY_MS}::BIGINT, ${toMs / DAY_MS}::BIGINT)) AS d`,
      );
      const rows = await connection.runAndReadAll(
        `SELECT d::DOUBLE, plan, cohort, count(*)::DOUBLE, count(*) FILTER (is7)::DOUBLE, count(*) FILTER (is1)::DOUBLE,
           count(*) FILTER (left_today)::DOUBLE
         FROM (
           SELECT d, user_id, coalesce(arg_max(level, day) FILTER (level IS NOT NULL), '') AS plan,
             coalesce(strftime(make_timestamp(max(registration) * 1000), '%Y-%m'), '') AS cohort,
             bool_or(day > d - 7) AS is7, bool_or(day = d) AS is1, bool_or(day = d AND churned) AS left_today
           FROM days JOIN seen ON day <= d AND day > d - ${MONTH_DAYS} GROUP BY d, user_id
         ) GROUP BY ALL ORDER BY 1, 2, 3`,
      );
      const days = new Map<
        number,
        { dayMs: number; active1: number; active7: number; active28: number; groups: ActiveGroup[] }
      >();
      for (let dayMs = fromMs; dayMs < toMs; dayMs += DAY_MS) {
        days.set(dayMs, { dayMs, active1: 0, active7: 0, active28: 0, groups: [] });
      }
      for (const [d, plan, cohort, month, week, day, churned] of rows.getRows()) {
        const own = days.get(Number(d) * DAY_MS);
        if (own === undefined) continue;
        own.active28 += Number(month);
        own.active7 += Number(week);
        own.active1 += Number(day);
        own.groups.push({
          plan: String(plan),
          cohort: String(cohort),
          active: Number(month),
          churned: Number(churned),
        });
      }
      return [...days.values()];
    },
    world,
  );
}
