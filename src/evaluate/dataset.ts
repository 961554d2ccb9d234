import { type Matrix, takeColumns, takeRows } from "../base/matrix.js";
import type { SnapshotTable } from "../features/snapshot-table.js";
import { type Horizon, OUTCOME, type Outcomes, outcomesOfTimes } from "../labels/label.js";
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
  /** Rows of label 0 whose user cancelled first, where a cancellation is another matter than the label. */
  readonly competing?: number;
}

/**
 * Joins snapshots with what became of their users. Rows whose event had happened are dropped, so are those whose event lies inside
 * the gap; where a competing event came first the label is 0.
 *
 * @param outcomes of users of `table.users`
 */
export function joinOutcomes(table: SnapshotTable, outcomes: Outcomes): Dataset {
  const keep: number[] = [];
  const y: number[] = [];
  let inGap = 0;
  let competing = 0;
  for (let row = 0; row < table.x.rows; row++) {
    const outcome = outcomes(table.userIndex[row] ?? -1, table.cutoffMs[row] ?? Number.NaN);
    if (outcome === OUTCOME.inGap) inGap++;
    if (outcome === OUTCOME.competing) competing++;
    if (outcome === OUTCOME.inGap || outcome === OUTCOME.gone) continue;
    keep.push(row);
    y.push(outcome === OUTCOME.churned ? 1 : 0);
  }
  return {
    features: table.features,
    users: table.users,
    x: takeRows(table.x, keep),
    y: Uint8Array.from(y),
    user: Int32Array.from(keep, (row) => table.userIndex[row] ?? -1),
    cutoffMs: Float64Array.from(keep, (row) => table.cutoffMs[row] ?? Number.NaN),
    inGap,
    competing,
  };
}

/**
 * The same for an event that comes to a user once at most.
 *
 * @param eventMs time of each user's event, NaN for never; a value a user of `table.users`
 */
export function labelRows(table: SnapshotTable, eventMs: Float64Array, horizon: Horizon): Dataset {
  return joinOutcomes(table, outcomesOfTimes(eventMs, horizon));
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
