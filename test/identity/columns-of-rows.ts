import type { SessionRow } from "../../src/identity/session-state.js";
import type { SessionColumns } from "../../src/schema/session-columns.js";

/** A row with the sessionId it is in. Its `row` is the caller's number for it and survives sorting through `order`. */
export interface LoggedRow extends SessionRow {
  sessionId: number;
}

/** Sorted columns, and the caller's number of each of their rows. */
export interface SortedRows {
  readonly columns: SessionColumns;
  readonly order: Int32Array;
}

/** The rows as columns, in the order of the fold, whatever order they come in. */
export function columnsOfRows(rows: readonly LoggedRow[]): SortedRows {
  const sorted = [...rows].sort(byFoldOrder);
  const users = [...new Set(sorted.map((row) => row.user))].filter((user) => user !== "").sort();
  const indexOf = new Map(users.map((user, index) => [user, index]));
  const columns = {
    users,
    sessionId: Float64Array.from(sorted, (row) => row.sessionId),
    tsMs: Float64Array.from(sorted, (row) => row.tsMs),
    item: Int32Array.from(sorted, (row) => row.item),
    page: Uint8Array.from(sorted, (row) => row.page),
    auth: Uint8Array.from(sorted, (row) => row.auth),
    level: Uint8Array.from(sorted, (row) => row.level),
    userIndex: Int32Array.from(sorted, (row) => indexOf.get(row.user) ?? -1),
  };
  return { columns, order: Int32Array.from(sorted, (row) => row.row) };
}

function byFoldOrder(a: LoggedRow, b: LoggedRow): number {
  return (
    a.sessionId - b.sessionId ||
    a.tsMs - b.tsMs ||
    a.item - b.item ||
    a.page - b.page ||
    (a.user < b.user ? -1 : a.user > b.user ? 1 : 0) ||
    a.auth - b.auth ||
    a.level - b.level
  );
}
