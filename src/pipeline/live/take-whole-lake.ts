import type { World } from "../../base/world.js";
import type { UserId } from "../../schema/user-id.js";
import type { Lake } from "../../store/lake.js";
import type { LiveDb, LiveSql } from "../../store/live/live-db.js";
import { type ReceivedRow, readReceivedRows } from "../../store/read-received-rows.js";
import type { StoredEvent, UserRecord } from "../incremental/event-store.js";
import { recordOfSession } from "../incremental/fold-session.js";
import { currentStates } from "../kept/keep-states.js";
import { insertAllEvents } from "./event-table.js";
import { markTaken } from "./lake-files.js";
import { lockSessions, type SessionRow, saveRecoveredIn, saveSessions } from "./session-table.js";
import { lockUsers, saveUsers } from "./user-table.js";

const PORTION_ROWS = 20_000;
const PORTION_USERS = 1_000;

/** Indexes cost several times what their rows do, unless they are built at once. */
const WITHOUT_INDEXES = `
  ALTER TABLE events DROP CONSTRAINT events_pkey;
  DROP INDEX events_of_session`;
const WITH_INDEXES = `
  ALTER TABLE events ADD PRIMARY KEY (user_id, session_id, item, ts_ms, page_name);
  CREATE INDEX events_of_session ON events (session_id)`;

/**
 * Takes a lake into a live store that holds no event yet, in one transaction: the rows session by session, and the states that the
 * home keeps of its users, which are those that the events would give one by one. Returns the number of rows; null where
 * the store holds events, or knows of users who were erased: their rows are then looked for one by one.
 */
export async function takeWholeLake(lake: Lake, db: LiveDb, world: World): Promise<number | null> {
  if (await isUsed(db)) return null;
  const { kept, lake: recovered } = await currentStates(lake.home, world);
  return db.transaction(async (sql) => {
    // It takes as long as the lake is large.
    await sql.exec("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0");
    await sql.exec("LOCK TABLE events IN ACCESS EXCLUSIVE MODE");
    if (await isUsed(sql)) return null;
    await sql.exec(WITHOUT_INDEXES);
    const rows = await takeRows(recovered, sql, world);
    world.log.info("Taking the lake into the live store: indexes");
    await sql.exec(WITH_INDEXES);
    await takeUsers(kept.users, sql);
    await markTaken(sql, recovered.manifest.files, world.now());
    return rows;
  });
}

async function isUsed(sql: LiveSql): Promise<boolean> {
  const [row] = await sql.query<{ used: boolean }>(
    "SELECT EXISTS (SELECT 1 FROM events) OR EXISTS (SELECT 1 FROM tombstones) AS used",
  );
  return row?.used === true;
}

async function takeRows(lake: Lake, sql: LiveSql, world: World): Promise<number> {
  const { files } = lake.manifest;
  const total = files.reduce((sum, file) => sum + file.rows, 0);
  let session: StoredEvent[] = [];
  let taken = 0;
  const sessions: SessionRow[] = [];
  const settle = (): void => {
    const [first] = session;
    if (first === undefined) return;
    sessions.push({ sessionId: first.sessionId, record: recordOfSession(session), nextRow: session.length });
    session = [];
  };
  const flush = async (events: readonly StoredEvent[]): Promise<void> => {
    await insertAllEvents(sql, events, world.now());
    await takeSessions(sessions.splice(0), sql);
    taken += events.length;
    world.log.info(`Taking the lake into the live store: ${Math.floor((100 * taken) / total)}%`);
  };
  // While a portion is written the next is read.
  let writing = Promise.resolve();
  const take = async (rows: readonly ReceivedRow[]): Promise<void> => {
    const events = rows.map((received) => {
      if (session[0] !== undefined && session[0].sessionId !== received.sessionId) settle();
      const event = { ...received, row: session.length };
      session.push(event);
      return event;
    });
    await writing;
    writing = flush(events);
    writing.catch(() => {});
  };
  await readReceivedRows(lake, { files, order: "session", portionRows: PORTION_ROWS }, take, world);
  await writing;
  settle();
  await flush([]);
  return taken;
}

async function takeSessions(sessions: readonly SessionRow[], sql: LiveSql): Promise<void> {
  await lockSessions(
    sql,
    sessions.map(({ sessionId }) => sessionId),
  );
  await saveSessions(sql, sessions);
  const recovered = sessions.flatMap(({ sessionId, record }) => {
    const users = new Set(Object.values(record?.owners ?? {}).map(({ user }) => user));
    return [...users].map((user) => ({ user, sessionId }));
  });
  await saveRecoveredIn(sql, recovered);
}

async function takeUsers(users: ReadonlyMap<UserId, UserRecord>, sql: LiveSql): Promise<void> {
  const rows = [...users].map(([user, record]) => ({ user, record }));
  for (let from = 0; from < rows.length; from += PORTION_USERS) {
    const portion = rows.slice(from, from + PORTION_USERS);
    await lockUsers(
      sql,
      portion.map(({ user }) => user),
    );
    await saveUsers(sql, portion);
  }
}
