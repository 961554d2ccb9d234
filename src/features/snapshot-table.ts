import type { Matrix } from "../base/matrix.js";
import { asInstant, type Instant } from "../base/time.js";
import type { EventColumns } from "../schema/event-columns.js";
import type { UserId } from "../schema/user-id.js";
import type { Catalogue, Snapshot } from "./fold.js";
import { foldUsers } from "./fold-users.js";

/** Snapshots as columns: row i is user `users[userIndex[i]]` at `cutoffMs[i]`. Ordered by user, then cutoff. */
export interface SnapshotTable {
  readonly features: readonly string[];
  readonly users: readonly UserId[];
  readonly userIndex: Int32Array;
  readonly cutoffMs: Float64Array;
  readonly x: Matrix;
}

/** One part of a table: users `from` … `to` − 1, before parts are joined. */
export interface SnapshotPart {
  readonly userIndex: Int32Array;
  readonly cutoffMs: Float64Array;
  readonly values: Float64Array;
}

/** Photographs users at cutoffs; `keep` decides who is in the table. */
export function photographUsers<S>(
  columns: EventColumns,
  plan: { catalogue: Catalogue<S>; cutoffs: readonly Instant[]; from: number; to: number },
  keep: (states: S, cutoff: Instant) => boolean,
): SnapshotPart {
  const { features } = plan.catalogue;
  const width = features.length;
  const userIndex: number[] = [];
  const cutoffMs: number[] = [];
  let values = new Float64Array(width * 64);
  foldUsers(columns, plan, (user, cutoff, states) => {
    if (!keep(states, cutoff)) return;
    const at = userIndex.length * width;
    if (at + width > values.length) {
      const grown = new Float64Array(values.length * 2);
      grown.set(values);
      values = grown;
    }
    for (let j = 0; j < width; j++) values[at + j] = features[j]?.read(states, cutoff) ?? Number.NaN;
    userIndex.push(user);
    cutoffMs.push(cutoff);
  });
  return {
    userIndex: Int32Array.from(userIndex),
    cutoffMs: Float64Array.from(cutoffMs),
    values: values.slice(0, userIndex.length * width),
  };
}

/** Joins parts, in the order given, into one table. */
export function joinParts(
  parts: readonly SnapshotPart[],
  { features, users }: { features: readonly string[]; users: readonly UserId[] },
): SnapshotTable {
  const rows = parts.reduce((sum, part) => sum + part.userIndex.length, 0);
  const userIndex = new Int32Array(rows);
  const cutoffMs = new Float64Array(rows);
  const data = new Float64Array(rows * features.length);
  let at = 0;
  for (const part of parts) {
    userIndex.set(part.userIndex, at);
    cutoffMs.set(part.cutoffMs, at);
    data.set(part.values, at * features.length);
    at += part.userIndex.length;
  }
  return { features, users, userIndex, cutoffMs, x: { rows, cols: features.length, data } };
}

/** Joins tables of the same features, each of users behind those of the one before. */
export function joinTables(tables: readonly SnapshotTable[]): SnapshotTable {
  const users = tables.flatMap((table) => [...table.users]);
  let before = 0;
  const parts = tables.map((table) => {
    const offset = before;
    before += table.users.length;
    const userIndex = table.userIndex.map((user) => user + offset);
    return { userIndex, cutoffMs: table.cutoffMs, values: table.x.data };
  });
  return joinParts(parts, { features: tables[0]?.features ?? [], users });
}

export function snapshotAt(table: SnapshotTable, row: number): Snapshot {
  const { cols, data } = table.x;
  return {
    user: table.users[table.userIndex[row] ?? -1] ?? "",
    cutoff: asInstant(table.cutoffMs[row] ?? Number.NaN),
    features: data.subarray(row * cols, (row + 1) * cols),
  };
}
