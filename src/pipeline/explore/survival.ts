import type { DuckDBConnection } from "@duckdb/node-api";
import { kaplanMeier } from "../../base/math/kaplan-meier.js";
import type { SurvivalCurve } from "../../schema/explore-document.js";
import { rowsOf } from "./query.js";

const POINTS_MAX = 200;
const PLANS = ["free", "paid", "unknown"] as const;

/**
 * Survival from a user's first event by the plan at that event, which is known when the clock starts: by a plan that is
 * reached later, those who live to reach it would seem immortal until then. Users who stay are censored at the end of the data.
 */
export async function survivalOf(connection: DuckDBConnection, lastTs: number): Promise<SurvivalCurve[]> {
  const rows = await rowsOf(
    connection,
    `SELECT coalesce(first_level, 'unknown'), (coalesce(cancelled_ts, ${lastTs}) - first_ts) / 8.64e7,
       cancelled_ts IS NOT NULL FROM users`,
  );
  return PLANS.flatMap((plan) => {
    const own = rows.filter((row) => row[0] === plan);
    return own.length === 0 ? [] : [curveOf(plan, own)];
  });
}

function curveOf(plan: SurvivalCurve["plan"], rows: readonly (readonly (number | string | null)[])[]): SurvivalCurve {
  const time = Float64Array.from(rows, (row) => Number(row[1]));
  const event = Uint8Array.from(rows, (row) => Number(row[2]));
  const estimate = kaplanMeier(time, event);
  const median = estimate.survival.findIndex((survival) => survival <= 0.5);
  const points = estimate.time.map((day, i) => ({
    day,
    atRisk: estimate.atRisk[i] ?? 0,
    survival: estimate.survival[i] ?? 1,
    low: estimate.low[i] ?? 1,
    high: estimate.high[i] ?? 1,
  }));
  return {
    plan,
    users: rows.length,
    cancelled: event.reduce((sum, one) => sum + one, 0),
    medianDays: median < 0 ? null : (estimate.time[median] ?? null),
    points: thinned(points),
  };
}

function thinned<T>(points: readonly T[]): T[] {
  const step = Math.max(1, Math.ceil(points.length / POINTS_MAX));
  return points.filter((_, i) => i % step === 0 || i === points.length - 1);
}
