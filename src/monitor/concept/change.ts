import { MS_PER_DAY, utcDay } from "../../base/time.js";
import type { ConceptChange } from "../../schema/loop-documents.js";
import { Adwin } from "./adwin.js";
import { excessLoss } from "./excess-loss.js";
import type { MaturedRows } from "./matured-rows.js";

/**
 * Watches the excess log loss of matured rows by ADWIN, in the order of their cutoffs. One row of each user in so many days, at a day
 * that is the user's own: rows whose windows overlap wait for the same event and are not independent.
 *
 * @param rows by cutoff
 * @param rankOf in [0, 1): fixes the user's day
 */
export function conceptChange(
  rows: MaturedRows,
  { apartDays, rankOf }: { readonly apartDays: number; readonly rankOf: (user: string) => number },
): ConceptChange {
  const adwin = new Adwin();
  const used: number[] = [];
  const offsets = new Map<string, number>();
  let changedAtMs: number | null = null;
  let before: number | null = null;
  for (let row = 0; row < rows.y.length; row++) {
    const user = rows.users[row] ?? "";
    const offset = offsets.get(user) ?? Math.floor(rankOf(user) * apartDays);
    offsets.set(user, offset);
    const at = rows.cutoffMs[row] ?? 0;
    if (utcDay(at) % apartDays !== offset) continue;
    used.push(at);
    const mean = adwin.mean;
    if (!adwin.add(excessLoss(rows.p[row] ?? 0, rows.y[row] ?? 0))) continue;
    before = mean;
    changedAtMs = used.at(-adwin.width) ?? null;
  }
  return {
    rows: used.length,
    changedAtMs: changedAtMs === null ? null : utcDay(changedAtMs) * MS_PER_DAY,
    meanBefore: before,
    meanNow: Number.isNaN(adwin.mean) ? null : adwin.mean,
  };
}
