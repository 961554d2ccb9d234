import { arrayText } from "../../store/live/array-text.js";
import type { LiveSql } from "../../store/live/live-db.js";
import { lockRows } from "../../store/live/lock-rows.js";
import type { SessionRecord } from "../incremental/event-store.js";
import { withRegistration } from "./event-table.js";

/** What is kept of a sessionId: its record, null before the first event, and the number of its next event. */
export interface SessionRow {
  readonly sessionId: number;
  record: SessionRecord | null;
  nextRow: number;
}

interface Selected {
  readonly sessionId: number;
  readonly record: string | null;
  readonly nextRow: number;
}

const COLUMNS = 'session_id AS "sessionId", record, next_row AS "nextRow"';
const SELECT = `SELECT ${COLUMNS} FROM sessions
  WHERE session_id = ANY ($1::int8[])`;

/** Locks sessions until the end of the transaction. */
export async function lockSessions(sql: LiveSql, sessionIds: Iterable<number>): Promise<SessionRow[]> {
  const sorted = [...new Set(sessionIds)].sort((a, b) => a - b);
  const rows = await lockRows(sorted, {
    keyOf: ({ sessionId }: Selected) => sessionId,
    lock: (keys) => sql.query<Selected>(`${SELECT} ORDER BY session_id FOR UPDATE`, [arrayText(keys)]),
    make: (keys) =>
      sql.query<Selected>(
        `INSERT INTO sessions (session_id) SELECT unnest($1::int8[]) ON CONFLICT DO NOTHING RETURNING ${COLUMNS}`,
        [arrayText(keys)],
      ),
  });
  return rows.map(parsed);
}

export async function readSessions(sql: LiveSql, sessionIds: readonly number[]): Promise<SessionRow[]> {
  if (sessionIds.length === 0) return [];
  return (await sql.query<Selected>(SELECT, [arrayText(sessionIds)])).map(parsed);
}

/** Writes the records of sessions that are locked, and remembers for whom events were recovered in them. */
export async function saveSessions(sql: LiveSql, rows: readonly SessionRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql.query(
    `UPDATE sessions AS s SET record = t.record, next_row = t.next_row
     FROM unnest($1::int8[], $2::text[], $3::int4[]) AS t(session_id, record, next_row)
     WHERE s.session_id = t.session_id`,
    [
      arrayText(rows.map(({ sessionId }) => sessionId)),
      arrayText(rows.map(({ record }) => JSON.stringify(record))),
      arrayText(rows.map(({ nextRow }) => nextRow)),
    ],
  );
}

/** Remembers in which sessions events were recovered for whom. */
export async function saveRecoveredIn(sql: LiveSql, pairs: readonly { user: string; sessionId: number }[]) {
  if (pairs.length === 0) return;
  await sql.query(
    "INSERT INTO recovered_in (user_id, session_id) SELECT * FROM unnest($1::text[], $2::int8[]) ON CONFLICT DO NOTHING",
    [arrayText(pairs.map(({ user }) => user)), arrayText(pairs.map(({ sessionId }) => sessionId))],
  );
}

function parsed({ sessionId, record, nextRow }: Selected): SessionRow {
  const known = record === null ? null : (JSON.parse(record) as SessionRecord);
  return { sessionId, record: known && { ...known, last: withRegistration(known.last) }, nextRow };
}
