import { MS_PER_DAY } from "../../base/time.js";
import type { LiveDb } from "../../store/live/live-db.js";
import { forgetFigures } from "./figures-table.js";

/** Days for which scores and outcomes are kept: a year to look back on, and what ripens meanwhile. */
const KEPT_DAYS = 400;

/** Forgets what is too old, counted from the last observed day: first features, later the rows. */
export async function forgetObserved(db: LiveDb, observedKeptDays: number): Promise<void> {
  const [row] = await db.query<{ last: number | null }>("SELECT max(cutoff_ms) AS last FROM observed_days");
  if (row?.last == null) return;
  const before = (days: number): number => (row.last ?? 0) - days * MS_PER_DAY;
  await db.query("UPDATE observed SET features = NULL WHERE cutoff_ms < $1 AND features IS NOT NULL", [
    before(observedKeptDays),
  ]);
  await forgetFigures(db, before(KEPT_DAYS));
  for (const table of ["observed_scores", "observed", "observed_days"]) {
    await db.query(`DELETE FROM ${table} WHERE cutoff_ms < $1`, [before(KEPT_DAYS)]);
  }
}
