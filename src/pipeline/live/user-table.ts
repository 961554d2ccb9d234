import { compareTexts } from "../../schema/fold-order.js";
import type { UserId } from "../../schema/user-id.js";
import { arrayText } from "../../store/live/array-text.js";
import type { LiveSql } from "../../store/live/live-db.js";
import { lockRows } from "../../store/live/lock-rows.js";
import { packBytes } from "../../store/live/pack-bytes.js";
import type { OwnedRow, UserRecord } from "../incremental/event-store.js";
import { withRegistration } from "./event-table.js";

/** What is kept of a user; the record is null where no event is left. */
export interface UserRow {
  readonly user: UserId;
  readonly record: UserRecord | null;
}

interface Selected {
  readonly user: UserId;
  readonly last: string | null;
  readonly states: Uint8Array | null;
}

const COLUMNS = 'user_id AS "user", last_event AS last, states';
const SELECT = `SELECT ${COLUMNS} FROM user_states WHERE user_id = ANY ($1::text[])`;

/** Locks users until the end of the transaction. */
export async function lockUsers(sql: LiveSql, users: Iterable<UserId>): Promise<UserRow[]> {
  const sorted = [...new Set(users)].sort(compareTexts);
  const rows = await lockRows(sorted, {
    keyOf: ({ user }: Selected) => user,
    lock: (keys) => sql.query<Selected>(`${SELECT} ORDER BY user_id FOR UPDATE`, [arrayText(keys)]),
    make: (keys) =>
      sql.query<Selected>(
        `INSERT INTO user_states (user_id) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING RETURNING ${COLUMNS}`,
        [arrayText(keys)],
      ),
  });
  return rows.map(parsed);
}

export async function readUser(sql: LiveSql, user: UserId): Promise<UserRecord | null> {
  const [row] = await sql.query<Selected>(SELECT, [arrayText([user])]);
  return row === undefined ? null : parsed(row).record;
}

/** Writes the records of users who are locked. */
export async function saveUsers(sql: LiveSql, rows: readonly UserRow[]): Promise<void> {
  if (rows.length === 0) return;
  const states = packBytes(rows.map(({ record }) => record?.states ?? new Uint8Array(0)));
  await sql.query(
    `UPDATE user_states AS u SET
       last_event = t.last_event,
       states = CASE WHEN t.last_event IS NOT NULL THEN substring($3::bytea FROM t.start FOR t.length) END
     FROM unnest($1::text[], $2::text[], $4::int4[], $5::int4[]) AS t(user_id, last_event, start, length)
     WHERE u.user_id = t.user_id`,
    [
      arrayText(rows.map(({ user }) => user)),
      arrayText(rows.map(({ record }) => record && JSON.stringify(record.last))),
      states.bytes,
      arrayText(states.from),
      arrayText(states.length),
    ],
  );
}

function parsed({ user, last, states }: Selected): UserRow {
  if (last === null || states === null) return { user, record: null };
  const { event, knownAtMs } = JSON.parse(last) as OwnedRow;
  return { user, record: { states, last: { event: withRegistration(event), knownAtMs } } };
}
