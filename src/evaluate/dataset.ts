import { type Matrix, takeColumns, takeRows } from "../base/matrix.js";
import type { SnapshotTable } from "../features/snapshot-table.js";
import { type Horizon, OUTCOME, outcomeAt } from "../labels/label.js";
import type { UserId } from "../schema/user-id.js";

/** Labelled rows. `user` indexes `users`; `y` is 1 where the label came true within the horizon. */
export interface Dataset {
  readonly features: readonly string[];
  readonly users: readonly UserId[];
  readonly x: Matrix;
  readonly y: Uint8Array;
  readonly user: Int32Array;
  readonly cutoffMs: Float64Array;
  /** Rows left out because the event came inside the gap. */
  readonly inGap: number;
}

/**
 * Joins snapshots with what happened after them. Rows at or after a user's event are dropped (nobody can cancel twice),
 * so are rows whose event lies inside the gap.
 *
 * @param eventMs time of each user's event, NaN for never; a value a user of `table.users`
 */
export function labelRows(table: SnapshotTable, eventMs: Float64Array, horizon: Horizon): Dataset {
  const keep: number[] = [];
  const y: number[] = [];
  let inGap = 0;
  for (let row = 0; row < table.x.rows; row++) {
    const at = eventMs[table.userIndex[row] ?? -1] ?? Number.NaN;
    const cutoff = table.cutoffMs[row] ?? Number.NaN;
    if (at <= cutoff) continue;
    const outcome = outcomeAt(at, cutoff, horizon);
    if (outcome === OUTCOME.inGap) {
      inGap++;
      continue;
    }
    keep.push(row);
    y.push(outcome);
  }
  return {
    features: table.features,
    users: table.users,
    x: takeRows(table.x, keep),
    y: Uint8Array.from(y),
    user: Int32Array.from(keep, (row) => table.userIndex[row] ?? -1),
    cutoffMs: Float64Array.from(keep, (row) => table.cutoffMs[row] ?? Number.NaN),
    inGap,
  };
}

export function rowsAt(data: Dataset, cutoffs: readonly number[]): Int32Array {
  const wanted = new Set<number>(cutoffs);
  const rows: number[] = [];
  for (let row = 0; row < data.y.length; row++) if (wanted.has(data.cutoffMs[row] ?? Number.NaN)) rows.push(row);
  return Int32Array.from(rows);
}

export function takeDataset(data: Dataset, rows: Int32Array): Dataset {
  return {
    ...data,
    x: takeRows(data.x, rows),
    y: Uint8Array.from(rows, (row) => data.y[row] ?? 0),
    user: Int32Array.from(rows, (row) => data.user[row] ?? -1),
    cutoffMs: Float64Array.from(rows, (row) => data.cutoffMs[row] ?? Number.NaN),
  };
}

/** The same rows, seen through some of the features. */
export function withFeatures(data: Dataset, names: readonly string[]): Dataset {
  return {
    ...data,
    features: names,
    x: takeColumns(
      data.x,
      names.map((name) => data.features.indexOf(name)),
    ),
  };
}

/** Different users behind the rows whose label is 1. */
export function churnedUsers(data: { readonly y: Uint8Array; readonly user: Int32Array }): number {
  const users = new Set<number>();
  for (let row = 0; row < data.y.length; row++) if (data.y[row] === 1) users.add(data.user[row] ?? -1);
  return users.size;
}
