import { takeRows } from "../../base/matrix.js";
import type { Instant } from "../../base/time.js";
import type { World } from "../../base/world.js";
import type { RiskSetRule } from "../../features/risk-set.js";
import type { HonestCatalogue } from "../../features/snapshot-plan.js";
import type { SnapshotTable } from "../../features/snapshot-table.js";
import { photographed } from "../kept/from-states.js";
import { currentStatesBy } from "../kept/keep-states.js";
import { loadEvents } from "../recover.js";
import { snapshotUsers } from "../snapshot.js";

interface DayPlan {
  /** Ascending. */
  readonly cutoffs: readonly Instant[];
  readonly riskSet: RiskSetRule;
  readonly catalogue: HonestCatalogue;
}

/** Rows that are in memory at once where all events are folded. */
const ROWS_AT_ONCE = 200_000;

/**
 * Photographs the risk set at each cutoff and hands it over. Where the states that the home keeps lie before the first cutoff they go
 * on day by day; else all events are folded once for many cutoffs. Both give the same bytes. Fails with NO_DATA.
 */
export async function photographDays(
  home: string,
  { cutoffs, ...plan }: DayPlan,
  each: (table: SnapshotTable, cutoff: Instant) => Promise<void>,
  world: World,
): Promise<void> {
  const done = await currentStatesBy(
    home,
    { cutoffs, at: async (cutoff, users, fold) => each(await photographed(users, fold, { cutoff, ...plan }), cutoff) },
    world,
  );
  if (done) return;
  const columns = await loadEvents(home, world);
  const atOnce = Math.max(1, Math.floor(ROWS_AT_ONCE / Math.max(1, columns.users.length)));
  for (let from = 0; from < cutoffs.length; from += atOnce) {
    const some = cutoffs.slice(from, from + atOnce);
    const table = await snapshotUsers(columns, { cutoffs: some, ...plan }, world);
    for (const cutoff of some) await each(rowsAtCutoff(table, cutoff), cutoff);
  }
}

function rowsAtCutoff(table: SnapshotTable, cutoff: Instant): SnapshotTable {
  const rows = Array.from(table.cutoffMs.keys()).filter((row) => table.cutoffMs[row] === cutoff);
  return {
    ...table,
    userIndex: Int32Array.from(rows, (row) => table.userIndex[row] ?? -1),
    cutoffMs: new Float64Array(rows.length).fill(cutoff),
    x: takeRows(table.x, rows),
  };
}
