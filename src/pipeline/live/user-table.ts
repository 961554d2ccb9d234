import { compareTexts } from "../../schema/fold-order.js";
import type { UserId } from "../../schema/user-id.js";
import { arrayText, joinedJson, jsonTexts } from "../../store/live/array-text.js";
import type { LiveSql } from "../../store/live/live-db.js";
import { lockRows } from "../../store/live/lock-rows.js";
import { packBytes } from "../../store/live/pack-bytes.js";
import { userIsErased } from "../../store/live/tombstone-sql.js";
import type { UserRecord } from "../incremental/event-store.js";
import { lastOf, lastText } from "./record-text.js";
import { freshVersion, NO_VERSION } from "./row-version.js";

/** What is kept of a user. */
export interface UserRow {
  readonly user: UserId;
  readonly version: number;
  /** Null where no event is left. `"unchanged"`: the version is the one that was known, and nothing was read. */
  readonly record: UserRecord | "unchanged" | null;
}

/** The version of a user that is known already, `NO_VERSION` for none. */
export type VersionOf = (user: UserId) => number;

const unknown: VersionOf = () => NO_VERSION;

interface Selected {
  readonly user: UserId;
  readonly version: number;
  readonly isThere: boolean;
  readonly last: string | null;
  readonly states: Uint8Array | null;
}

const SELECT = `
  SELECT u.user_id AS "user", u.version, u.last_event IS NOT NULL AS "isThere",
    CASE WHEN u.version <> t.version THEN u.last_event END AS last,
    CASE WHEN u.version <> t.version THEN u.states END AS states
  FROM unnest($1::text[], $2::int8[]) AS t(user_id, version)
  JOIN user_states AS u ON u.user_id = t.user_id`;

const MAKE = `
  INSERT INTO user_states (user_id) SELECT u FROM unnest($1::text[]) AS u WHERE NOT ${userIsErased("u")}
  ON CONFLICT DO NOTHING
  RETURNING user_id AS "user", version, false AS "isThere", NULL::text AS last, NULL::bytea AS states`;

/**
 * Locks users until the end of the transaction. Who was erased has no row and gets none: only who has none yet is looked up among
 * the tombstones, so that it costs nothing for all others.
 */
export async function lockUsers(
  sql: LiveSql,
  users: Iterable<UserId>,
  versionOf: VersionOf = unknown,
): Promise<UserRow[]> {
  const sorted = [...new Set(users)].sort(compareTexts);
  const rows = await lockRows(sorted, {
    keyOf: ({ user }: Selected) => user,
    lock: (keys) =>
      sql.query<Selected>(`${SELECT} ORDER BY u.user_id FOR UPDATE OF u`, [
        arrayText(keys),
        arrayText(keys.map(versionOf)),
      ]),
    make: (keys) => sql.query<Selected>(MAKE, [arrayText(keys)]),
  });
  return rows.map(parsed);
}

/** A user whose row is another than the one that was known; a `record` of null: there is none, or one without events. */
export interface ChangedUser {
  readonly user: UserId;
  readonly version: number | null;
  readonly record: UserRecord | null;
}

/** Of what is as it was known nothing is sent: a row takes the database several times as long to send as to find. */
const CHANGED = `
  SELECT t.user_id AS "user", u.version, u.last_event IS NOT NULL AS "isThere", u.last_event AS last, u.states
  FROM unnest($1::text[], $2::int8[]) AS t(user_id, version)
  LEFT JOIN user_states AS u ON u.user_id = t.user_id
  WHERE u.version IS DISTINCT FROM t.version`;

/**
 * Those of the users who are not as they were known, in any order. Locks nobody.
 *
 * @param versions of what is known of each user, `NO_VERSION` where nothing is
 */
export async function changedUsers(sql: LiveSql, versions: ReadonlyMap<UserId, number>): Promise<ChangedUser[]> {
  const rows = await sql.query<Selected>(CHANGED, [arrayText([...versions.keys()]), arrayText([...versions.values()])]);
  return rows.map(({ user, version, last, states }) => ({ user, version, record: recordOf(last, states) }));
}

export async function readUser(sql: LiveSql, user: UserId): Promise<UserRecord | null> {
  const [row] = await changedUsers(sql, new Map([[user, NO_VERSION]]));
  return row?.record ?? null;
}

/** Writes the records of users who are locked; null forgets one. */
export async function saveUsers(
  sql: LiveSql,
  rows: readonly { readonly user: UserId; readonly record: UserRecord | null }[],
  version = freshVersion(),
): Promise<void> {
  if (rows.length === 0) return;
  const states = packBytes(rows.map(({ record }) => record?.states ?? new Uint8Array(0)));
  await sql.query(
    `UPDATE user_states AS u SET
       version = $6::int8,
       last_event = t.last_event,
       states = CASE WHEN t.last_event IS NOT NULL THEN substring($3::bytea FROM t.start FOR t.length) END
     FROM unnest($1::text[], ${jsonTexts("$2")}, $4::int4[], $5::int4[]) AS t(user_id, last_event, start, length)
     WHERE u.user_id = t.user_id`,
    [
      arrayText(rows.map(({ user }) => user)),
      joinedJson(rows.map(({ record }) => record && lastText(record.last))),
      states.bytes,
      arrayText(states.from),
      arrayText(states.length),
      version,
    ],
  );
}

function parsed({ user, version, isThere, last, states }: Selected): UserRow {
  if (!isThere) return { user, version, record: null };
  return { user, version, record: recordOf(last, states) ?? "unchanged" };
}

function recordOf(last: string | null, states: Uint8Array | null): UserRecord | null {
  return last === null || states === null ? null : { states, last: lastOf(last) };
}
