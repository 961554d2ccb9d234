import type { Instant } from "../../base/time.js";
import type { UserId } from "../../schema/user-id.js";
import { arrayText } from "../../store/live/array-text.js";
import type { LiveDb, LiveSql } from "../../store/live/live-db.js";
import { type RowKey, rowText, tombstoneOf, userText } from "../../store/tombstones.js";
import { bySession, rowKey, type SessionRecord, type StoredEvent } from "../incremental/event-store.js";
import { refoldSession } from "../incremental/fold-session.js";
import { UserFold } from "../incremental/fold-user.js";
import { selectEvents } from "./event-table.js";
import { DecodedRows } from "./live-memory.js";
import { lockSessions, saveRecoveredIn, saveSessions } from "./session-table.js";
import { SqlEventStore } from "./sql-event-store.js";
import { lockUsers } from "./user-table.js";

/** What was removed from the live store. */
export interface LiveRemoval {
  readonly events: number;
  /** Rows that name nobody and were known to be the user's, or were said to be. */
  readonly recovered: readonly RowKey[];
  /** Sessions that held such rows. */
  readonly sessions: number;
  /** Table with a column `user_id` → rows, where there were any. */
  readonly tables: Readonly<Record<string, number>>;
  /** Others whose logged-out rows have other owners without this user. */
  readonly refolded: number;
}

interface Erasing {
  /** Of the erasure: what was done under it is not done again. */
  readonly id: string;
  readonly user: UserId;
  /** Rows that name nobody and are the user's as the lake knows. */
  readonly rows: readonly RowKey[];
  readonly salt: string;
  readonly now: Instant;
}

/**
 * Removes a user from the live store, and sets the tombstones, in one transaction. Sessions that the user shared with others are
 * folded again from the rows that are left, so that no record names the user. Repeating it under one id changes nothing and returns
 * the same.
 */
export function eraseLive(db: LiveDb, erasing: Erasing): Promise<LiveRemoval> {
  return db.transaction(async (sql) => {
    const [done] = await sql.query<{ removed: string }>("SELECT removed FROM erasures WHERE id = $1", [erasing.id]);
    if (done !== undefined) return JSON.parse(done.removed) as LiveRemoval;
    const removal = await remove(sql, erasing);
    await sql.query("INSERT INTO erasures VALUES ($1, $2)", [erasing.id, JSON.stringify(removal)]);
    return removal;
  });
}

/** Whether anything in the live store is known to be the user's. */
export async function isKnownLive(sql: LiveSql, user: UserId): Promise<boolean> {
  for (const table of await tablesOfUsers(sql)) {
    if ((await sql.query(`SELECT 1 FROM ${table} WHERE user_id = $1 LIMIT 1`, [user])).length > 0) return true;
  }
  return false;
}

/** Removes what others have written of a user meanwhile, who had read of the user before: scores, predictions. */
export async function eraseLate(sql: LiveSql, user: UserId): Promise<void> {
  await deleteFromTables(sql, user);
}

async function remove(sql: LiveSql, { user, rows, salt, now }: Erasing): Promise<LiveRemoval> {
  const sessions = new Map<number, { record: SessionRecord | null; nextRow: number }>();
  const lock = async () => {
    const ids = (await sessionsOf(sql, user, rows)).filter((id) => !sessions.has(id));
    for (const row of await lockSessions(sql, ids)) sessions.set(row.sessionId, row);
  };
  // Sessions before users, as everybody does; once the user is locked too there can be no more of them.
  await lock();
  await lockUsers(sql, [user]);
  await lock();
  const said = new Set(rows.map((row) => rowText(row)));
  const own = (event: StoredEvent): boolean =>
    event.userId === user ||
    (event.userId === "" &&
      (sessions.get(event.sessionId)?.record?.owners[rowKey(event)]?.user === user || said.has(rowText(keyOf(event)))));
  const all = await selectEvents(sql, "ofSessions", [...sessions.keys()]);
  const gone = all.filter(own);
  const recovered = gone.filter(({ userId }) => userId === "").map(keyOf);
  await deleteEvents(sql, user, recovered);
  const left = bySession(all.filter((event) => !own(event)));
  const others = await refoldSessions(sql, sessions, left);
  others.delete(user);
  const tables = await deleteFromTables(sql, user);
  await refoldUsers(sql, others, now);
  await setTombstones(sql, [userText(user), ...recovered.map(rowText), ...rows.map(rowText)], salt, now);
  return { events: gone.length - recovered.length, recovered, sessions: sessions.size, tables, refolded: others.size };
}

async function sessionsOf(sql: LiveSql, user: UserId, rows: readonly RowKey[]): Promise<number[]> {
  const found = await sql.query<{ id: number }>(
    `SELECT session_id AS id FROM events WHERE user_id = $1
     UNION SELECT session_id FROM recovered_in WHERE user_id = $1
     UNION SELECT session_id FROM events WHERE user_id = '' AND session_id = ANY ($2::int8[])`,
    [user, arrayText([...new Set(rows.map(({ sessionId }) => sessionId))])],
  );
  return found.map(({ id }) => id);
}

const keyOf = ({ sessionId, item, tsMs, pageName }: StoredEvent): RowKey => ({ sessionId, item, tsMs, page: pageName });

async function deleteEvents(sql: LiveSql, user: UserId, recovered: readonly RowKey[]): Promise<void> {
  await sql.query("DELETE FROM events WHERE user_id = $1", [user]);
  await sql.query(
    `DELETE FROM events AS e USING unnest($1::int8[], $2::int4[], $3::int8[], $4::text[]) AS g(session_id, item, ts_ms, page_name)
     WHERE e.user_id = '' AND e.session_id = g.session_id AND e.item = g.item AND e.ts_ms = g.ts_ms AND e.page_name = g.page_name`,
    [
      arrayText(recovered.map(({ sessionId }) => sessionId)),
      arrayText(recovered.map(({ item }) => item)),
      arrayText(recovered.map(({ tsMs }) => tsMs)),
      arrayText(recovered.map(({ page }) => page)),
    ],
  );
}

/** Records made of what is left, none where nothing is. Returns the users who gained or lost a row by it. */
async function refoldSessions(
  sql: LiveSql,
  sessions: ReadonlyMap<number, { readonly record: SessionRecord | null; readonly nextRow: number }>,
  left: ReadonlyMap<number, readonly StoredEvent[]>,
): Promise<Set<UserId>> {
  const changed = new Set<UserId>();
  const rows: { sessionId: number; record: SessionRecord; nextRow: number }[] = [];
  for (const [sessionId, { record: before, nextRow }] of sessions) {
    const remaining = left.get(sessionId);
    if (remaining === undefined) continue;
    const { record, changes } = refoldSession(remaining, before);
    rows.push({ sessionId, record, nextRow });
    for (const change of changes) for (const owner of [change.before, change.after]) if (owner) changed.add(owner.user);
  }
  const empty = [...sessions.keys()].filter((id) => !left.has(id));
  await sql.query("DELETE FROM sessions WHERE session_id = ANY ($1::int8[])", [arrayText(empty)]);
  await saveSessions(sql, rows);
  const pairs = rows.flatMap(({ sessionId, record }) =>
    [...new Set(Object.values(record.owners).map(({ user }) => user))].map((user) => ({ user, sessionId })),
  );
  await saveRecoveredIn(sql, pairs);
  return changed;
}

async function refoldUsers(sql: LiveSql, users: ReadonlySet<UserId>, now: Instant): Promise<void> {
  const rows = new DecodedRows();
  const store = new SqlEventStore(sql, now, rows);
  const fold = new UserFold(store, rows.catalogue, rows.names);
  await store.expect([...users]);
  await store.gather([...users]);
  for (const user of users) await fold.refold(user);
  await store.flush();
}

/** Every table that names users, whoever made it. */
async function tablesOfUsers(sql: LiveSql): Promise<string[]> {
  const found = await sql.query<{ name: string }>(
    `SELECT quote_ident(c.table_name) AS name FROM information_schema.columns c JOIN information_schema.tables t
       USING (table_schema, table_name)
     WHERE c.column_name = 'user_id' AND c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'
     ORDER BY c.table_name`,
  );
  return found.map(({ name }) => name);
}

async function deleteFromTables(sql: LiveSql, user: UserId): Promise<Record<string, number>> {
  const removed: Record<string, number> = {};
  for (const table of await tablesOfUsers(sql)) {
    const rows = await sql.query(`DELETE FROM ${table} WHERE user_id = $1 RETURNING 1`, [user]);
    if (rows.length > 0) removed[table] = rows.length;
  }
  return removed;
}

async function setTombstones(sql: LiveSql, texts: readonly string[], salt: string, now: Instant): Promise<void> {
  const hashes = [...new Set(texts)].map((text) => tombstoneOf(salt, text));
  await sql.query("INSERT INTO erasure_salts VALUES ($1) ON CONFLICT DO NOTHING", [salt]);
  await sql.query("INSERT INTO tombstones SELECT h, $2::int8 FROM unnest($1::text[]) AS h ON CONFLICT DO NOTHING", [
    arrayText(hashes),
    now,
  ]);
}
