import { addRow } from "../../identity/fold.js";
import { type Attribution, copyOfSession, emptySession, type SessionState } from "../../identity/session-state.js";
import { compareTexts } from "../../schema/fold-order.js";
import {
  type EventStore,
  type Owner,
  rowKey,
  type SessionPlace,
  type SessionRecord,
  type StoredEvent,
} from "./event-store.js";

/** The order in which identity folds the rows of a sessionId: that of `SessionColumns`. */
export function compareInSession(a: SessionPlace, b: SessionPlace): number {
  return (
    a.tsMs - b.tsMs ||
    a.item - b.item ||
    a.page - b.page ||
    compareTexts(a.userId, b.userId) ||
    a.auth - b.auth ||
    a.level - b.level
  );
}

/** A logged-out row whose owner changed: whom it belonged to, and whom it belongs to now. */
export interface OwnerChange {
  readonly event: StoredEvent;
  readonly before: Owner | null;
  readonly after: Owner | null;
}

/**
 * Takes fresh rows of a sessionId, already in the store, into its record. Rows after the last one go on from its state; an
 * earlier one has all its rows folded again. Returns the rows whose owners changed by it, the fresh ones among them.
 */
export async function foldSession(
  store: EventStore,
  sessionId: number,
  fresh: readonly StoredEvent[],
): Promise<OwnerChange[]> {
  const before = await store.session(sessionId);
  const sorted = fresh.length === 1 ? fresh : [...fresh].sort(compareInSession);
  const goesOn = before !== null && sorted.every((row) => compareInSession(before.last, row) <= 0);
  const all = goesOn ? await rowsToSettle(store, before, sorted) : await allRows(store, before, sorted);
  const record = goesOn ? continued(before, sorted, all) : recordOfSession(all);
  await store.saveSession(sessionId, record);
  return changesOf(all, { isFresh: new Set(fresh.map(({ row }) => row)), before, after: record });
}

/** The record of a sessionId that has lost rows, made of those that are left, and which of these changed owners by it. */
export function refoldSession(
  rows: readonly StoredEvent[],
  before: SessionRecord | null,
): { readonly record: SessionRecord; readonly changes: readonly OwnerChange[] } {
  const record = recordOfSession(rows);
  return { record, changes: changesOf(rows, { isFresh: new Set(), before, after: record }) };
}

/** Before there is a record there are fresh rows only. */
async function allRows(
  store: EventStore,
  before: SessionRecord | null,
  fresh: readonly StoredEvent[],
): Promise<readonly StoredEvent[]> {
  const [first] = fresh;
  return before === null || first === undefined ? fresh : store.rowsOfSession(first.sessionId);
}

/** The rows among which fresh ones after the last may find owners. */
async function rowsToSettle(
  store: EventStore,
  before: SessionRecord,
  fresh: readonly StoredEvent[],
): Promise<readonly StoredEvent[]> {
  const [first] = fresh;
  if (first === undefined || !mayChangeOwners(fresh, before)) return [];
  return store.loggedOutRowsOfSession(first.sessionId);
}

/** Settling needs an unsettled row: one in the state, or a fresh one. */
export function mayChangeOwners(fresh: readonly StoredEvent[], { state }: SessionRecord): boolean {
  const isOpen = state.hypotheses.some(({ streams }) => streams.some(({ rows }) => rows.length > 0));
  return isOpen || fresh.some(({ userId }) => userId === "");
}

function continued(before: SessionRecord, fresh: readonly StoredEvent[], all: readonly StoredEvent[]): SessionRecord {
  const state = copyOfSession(before.state);
  return recordOf(state, fresh, { all, owners: { ...before.owners } });
}

/** @param all rows of a sessionId, at least one, in any order */
export function recordOfSession(all: readonly StoredEvent[]): SessionRecord {
  const sorted = [...all].sort(compareInSession);
  return recordOf(emptySession(), sorted, { all: sorted, owners: {} });
}

function recordOf(
  state: SessionState,
  rows: readonly StoredEvent[],
  { all, owners }: { all: readonly StoredEvent[]; owners: Record<string, Owner> },
): SessionRecord {
  const settled: Attribution[] = [];
  for (const { userId: user, tsMs, item, page, auth, level, row } of rows) {
    settled.push(...addRow(state, { user, tsMs, item, page, auth, level, row }));
  }
  const byRow = new Map(settled.length === 0 ? [] : all.map((event) => [event.row, event]));
  for (const { row, user, knownAtMs } of settled) {
    const event = byRow.get(row);
    if (event !== undefined) owners[rowKey(event)] ??= { user, knownAtMs };
  }
  // Of the row no more than that: records are kept for long.
  const { tsMs, item, page, userId, auth, level } = rows.at(-1) as StoredEvent;
  return { state, last: { tsMs, item, page, userId, auth, level }, owners };
}

function changesOf(
  rows: readonly StoredEvent[],
  { isFresh, before, after }: { isFresh: ReadonlySet<number>; before: SessionRecord | null; after: SessionRecord },
): OwnerChange[] {
  const changes: OwnerChange[] = [];
  for (const event of rows) {
    if (event.userId !== "") continue;
    const key = rowKey(event);
    const was = isFresh.has(event.row) ? null : (before?.owners[key] ?? null);
    const is = after.owners[key] ?? null;
    if (was?.user !== is?.user || was?.knownAtMs !== is?.knownAtMs) changes.push({ event, before: was, after: is });
  }
  return changes;
}
