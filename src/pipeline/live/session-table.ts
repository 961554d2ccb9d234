import { arrayText, joinedJson, jsonTexts } from "../../store/live/array-text.js";
import type { LiveSql } from "../../store/live/live-db.js";
import { lockRows } from "../../store/live/lock-rows.js";
import type { SessionRecord } from "../incremental/event-store.js";
import { sessionOf, sessionText } from "./record-text.js";
import { freshVersion, NO_VERSION } from "./row-version.js";

/** What is kept of a sessionId: its record, null before the first event, and the number of its next event. */
export interface SessionRow {
  readonly sessionId: number;
  record: SessionRecord | null;
  nextRow: number;
}

/** What is known already of sessions, by version. */
export interface KnownSessions {
  get(sessionId: number): { readonly version: number; readonly value: Omit<SessionRow, "sessionId"> } | null;
}

interface Selected {
  readonly sessionId: number;
  readonly version: number;
  /** Null where the version is the one that was known, and before the first event. */
  readonly record: string | null;
  readonly nextRow: number;
}

const SELECT = `
  SELECT s.session_id AS "sessionId", s.version, s.next_row AS "nextRow",
    CASE WHEN s.version <> t.version THEN s.record END AS record
  FROM unnest($1::int8[], $2::int8[]) AS t(session_id, version)
  JOIN sessions AS s ON s.session_id = t.session_id`;

const MAKE = `
  INSERT INTO sessions (session_id) SELECT unnest($1::int8[]) ON CONFLICT DO NOTHING
  RETURNING session_id AS "sessionId", version, next_row AS "nextRow", NULL::text AS record`;

/** Locks sessions until the end of the transaction. */
export async function lockSessions(
  sql: LiveSql,
  sessionIds: Iterable<number>,
  known: KnownSessions = { get: () => null },
): Promise<SessionRow[]> {
  const sorted = [...new Set(sessionIds)].sort((a, b) => a - b);
  const entries = new Map(sorted.map((id) => [id, known.get(id)]));
  const rows = await lockRows(sorted, {
    keyOf: ({ sessionId }: Selected) => sessionId,
    lock: (keys) => sql.query<Selected>(`${SELECT} ORDER BY s.session_id FOR UPDATE OF s`, asked(keys, entries)),
    make: (keys) => sql.query<Selected>(MAKE, [arrayText(keys)]),
  });
  return rows.map((row) => parsed(row, entries));
}

export async function readSessions(sql: LiveSql, sessionIds: readonly number[]): Promise<SessionRow[]> {
  if (sessionIds.length === 0) return [];
  const entries = new Map<number, null>();
  return (await sql.query<Selected>(SELECT, asked(sessionIds, entries))).map((row) => parsed(row, entries));
}

/** A session's row, with its record as text where somebody has it already. */
export interface WrittenSession extends SessionRow {
  readonly text?: string;
}

/** Writes the records of sessions that are locked, and remembers for whom events were recovered in them. */
export async function saveSessions(
  sql: LiveSql,
  rows: readonly WrittenSession[],
  version = freshVersion(),
): Promise<void> {
  if (rows.length === 0) return;
  await sql.query(
    `UPDATE sessions AS s SET version = $4::int8, record = t.record, next_row = t.next_row
     FROM unnest($1::int8[], ${jsonTexts("$2")}, $3::int4[]) AS t(session_id, record, next_row)
     WHERE s.session_id = t.session_id`,
    [
      arrayText(rows.map(({ sessionId }) => sessionId)),
      joinedJson(rows.map(({ record, text }) => text ?? (record && sessionText(record)))),
      arrayText(rows.map(({ nextRow }) => nextRow)),
      version,
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

type Entries = ReadonlyMap<number, ReturnType<KnownSessions["get"]>>;

function asked(sessionIds: readonly number[], entries: Entries): [string, string] {
  return [arrayText(sessionIds), arrayText(sessionIds.map((id) => entries.get(id)?.version ?? NO_VERSION))];
}

function parsed({ sessionId, version, record, nextRow }: Selected, entries: Entries): SessionRow {
  if (record !== null) return { sessionId, record: sessionOf(record), nextRow };
  const known = entries.get(sessionId);
  return { sessionId, record: known?.version === version ? known.value.record : null, nextRow };
}
