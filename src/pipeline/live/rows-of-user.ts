import type { UserId } from "../../schema/user-id.js";
import { arrayText } from "../../store/live/array-text.js";
import type { LiveSql } from "../../store/live/live-db.js";
import { type OwnedRow, rowKey, type SessionRecord } from "../incremental/event-store.js";
import { selectEvents } from "./event-table.js";
import { readSessions } from "./session-table.js";

/**
 * All events known to be a user's: received under the id, or recovered for it.
 *
 * @param changed records of sessions that are not written yet
 */
export async function rowsOfUser(
  sql: LiveSql,
  user: UserId,
  changed: ReadonlyMap<number, SessionRecord>,
): Promise<readonly OwnedRow[]> {
  const received = await selectEvents(sql, "ofUser", user);
  const own = received.map((event) => ({ event, knownAtMs: event.tsMs }));
  const records = new Map([...(await writtenRecords(sql, user)), ...changed]);
  const ids = [...records].filter(([, { owners }]) => Object.values(owners).some((owner) => owner.user === user));
  if (ids.length === 0) return own;
  const loggedOut = await selectEvents(sql, "loggedOutOf", arrayText(ids.map(([id]) => id)));
  const recovered = loggedOut.flatMap((event): OwnedRow[] => {
    const owner = records.get(event.sessionId)?.owners[rowKey(event)];
    return owner?.user === user ? [{ event, knownAtMs: owner.knownAtMs }] : [];
  });
  return [...own, ...recovered];
}

/** Of the sessions in which events were recovered for the user. */
async function writtenRecords(sql: LiveSql, user: UserId): Promise<[number, SessionRecord][]> {
  const rows = await sql.query<{ id: number }>("SELECT session_id AS id FROM recovered_in WHERE user_id = $1", [user]);
  const sessions = await readSessions(
    sql,
    rows.map(({ id }) => id),
  );
  return sessions.flatMap(({ sessionId, record }): [number, SessionRecord][] =>
    record === null ? [] : [[sessionId, record]],
  );
}
