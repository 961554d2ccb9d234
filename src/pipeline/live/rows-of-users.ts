import type { UserId } from "../../schema/user-id.js";
import { arrayText } from "../../store/live/array-text.js";
import type { LiveSql } from "../../store/live/live-db.js";
import { type OwnedRow, rowKey, type SessionRecord } from "../incremental/event-store.js";
import { selectEvents } from "./event-table.js";
import { readSessions } from "./session-table.js";

/**
 * All events known to be these users': received under the id, or recovered for it. Four statements, however many users.
 *
 * @param changed records of sessions that are not written yet
 */
export async function rowsOfUsers(
  sql: LiveSql,
  users: readonly UserId[],
  changed: ReadonlyMap<number, SessionRecord>,
): Promise<ReadonlyMap<UserId, readonly OwnedRow[]>> {
  const rows = new Map<UserId, OwnedRow[]>(users.map((user) => [user, []]));
  for (const event of await selectEvents(sql, "ofUsers", users)) {
    rows.get(event.userId)?.push({ event, knownAtMs: event.tsMs });
  }
  const records = new Map([...(await writtenRecords(sql, users)), ...changed]);
  const ids = [...records].filter(([, { owners }]) => Object.values(owners).some(({ user }) => rows.has(user)));
  const loggedOut = await selectEvents(
    sql,
    "loggedOutOf",
    ids.map(([id]) => id),
  );
  for (const event of loggedOut) {
    const owner = records.get(event.sessionId)?.owners[rowKey(event)];
    if (owner !== undefined) rows.get(owner.user)?.push({ event, knownAtMs: owner.knownAtMs });
  }
  return rows;
}

/** Of the sessions in which events were recovered for the users. */
async function writtenRecords(sql: LiveSql, users: readonly UserId[]): Promise<[number, SessionRecord][]> {
  const rows = await sql.query<{ id: number }>(
    "SELECT DISTINCT session_id AS id FROM recovered_in WHERE user_id = ANY ($1::text[])",
    [arrayText(users)],
  );
  const sessions = await readSessions(
    sql,
    rows.map(({ id }) => id),
  );
  return sessions.flatMap(({ sessionId, record }): [number, SessionRecord][] =>
    record === null ? [] : [[sessionId, record]],
  );
}
