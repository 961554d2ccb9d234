import type { CodedEvent } from "../../features/coded-event.js";
import { arrayText, joinedJson, jsonTexts } from "../../store/live/array-text.js";
import type { LiveSql, SqlValue } from "../../store/live/live-db.js";
import { ROW_IS_ERASED } from "../../store/live/tombstone-sql.js";
import type { StoredEvent } from "../incremental/event-store.js";

/** Column of `events` → its type, and the field it holds. `receivedAtMs` is the batch's. */
const COLUMNS = {
  session_id: ["int8", "sessionId"],
  ts_ms: ["int8", "tsMs"],
  artist: ["int8", "artist"],
  song: ["int8", "song"],
  registration_ms: ["int8", "registrationMs"],
  item: ["int4", "item"],
  row_number: ["int4", "row"],
  length_10us: ["int4", "length10us"],
  page: ["int2", "page"],
  auth: ["int2", "auth"],
  level: ["int2", "level"],
  status: ["int2", "status"],
  gender: ["int2", "gender"],
  user_id: ["text", "userId"],
  page_name: ["text", "pageName"],
  state_name: ["text", "stateName"],
} as const satisfies Record<string, readonly [string, keyof StoredEvent]>;

const NAMES = Object.keys(COLUMNS).join(", ");
const FIELDS = Object.entries(COLUMNS).map(([column, [, field]]) => `${column} AS "${field}"`);
const ARRAYS = Object.values(COLUMNS).map(([type], i) => `$${i + 3}::${type}[]`);

const INSERT_ALL = `
  INSERT INTO events (received_at_ms, texts, ${NAMES})
  SELECT $1::int8, * FROM unnest(${jsonTexts("$2")}, ${ARRAYS.join(", ")}) AS t(texts, ${NAMES})`;

const INSERT = `WITH fresh AS (${INSERT_ALL}
    WHERE user_id <> '' OR NOT ${ROW_IS_ERASED}
    ON CONFLICT DO NOTHING
    RETURNING 1)
  SELECT count(*) AS fresh FROM fresh`;

/** Of events that were to be inserted those that were: nobody else has a row of their number. */
const INSERTED = `
  SELECT e.session_id AS "sessionId", e.row_number AS row
  FROM unnest($1::int8[], $2::int4[]) AS t(session_id, row_number)
  JOIN events AS e ON e.session_id = t.session_id AND e.row_number = t.row_number`;

/**
 * Inserts events whose key is not there yet, and says which those are, null where all are. Of two with one key the first stays. Texts
 * are kept for the lake and never read with the events. A row that was erased with the user it was recovered for is left out too.
 */
export async function insertEvents(
  sql: LiveSql,
  { events, texts }: WithTexts,
  receivedAtMs: number,
): Promise<readonly Pick<StoredEvent, "sessionId" | "row">[] | null> {
  const [row] = await sql.query<{ fresh: number }>(INSERT, [receivedAtMs, ...columnsOf({ events, texts })]);
  if (row?.fresh === events.length) return null;
  // Nearly never: and it takes longer to send some hundred rows than to insert them.
  const [sessions, rows] = [events.map(({ sessionId }) => sessionId), events.map(({ row }) => row)];
  return sql.query(INSERTED, [arrayText(sessions), arrayText(rows)]);
}

/** Inserts events whose keys nobody has, and which the lake has, where there is no index that would find one. */
export async function insertAllEvents(
  sql: LiveSql,
  events: readonly StoredEvent[],
  receivedAtMs: number,
): Promise<void> {
  if (events.length === 0) return;
  await sql.query(INSERT_ALL, [receivedAtMs, ...columnsOf({ events, texts: events.map(() => null) })]);
}

/** Events, and of each what the lake wants of it beyond its codes. */
interface WithTexts {
  readonly events: readonly StoredEvent[];
  readonly texts: readonly (string | null)[];
}

function columnsOf({ events, texts }: WithTexts): string[] {
  const columns = Object.values(COLUMNS).map(([, field]) => arrayText(events.map((event) => event[field])));
  return [joinedJson(texts), ...columns];
}

/** What may be asked of the events. */
const WHERE = {
  ofUsers: "user_id = ANY ($1::text[])",
  ofSessions: "session_id = ANY ($1::int8[])",
  loggedOutOf: "user_id = '' AND session_id = ANY ($1::int8[])",
} as const;

/** @param of user ids or session ids */
export async function selectEvents(
  sql: LiveSql,
  which: keyof typeof WHERE,
  of: readonly (string | number)[],
): Promise<readonly StoredEvent[]> {
  if (of.length === 0) return [];
  const rows = await sql.query<StoredEvent>(`SELECT ${FIELDS.join(", ")} FROM events WHERE ${WHERE[which]}`, [
    arrayText(of),
  ]);
  return rows.map(withRegistration);
}

/** SQL and JSON have null where an event has NaN. */
export function withRegistration<E extends { readonly registrationMs: number }>(event: E): E {
  return { ...event, registrationMs: (event.registrationMs as number | null) ?? Number.NaN };
}

/** Events with what the lake wants of them, of which none is without. */
export async function selectWithTexts<E extends CodedEvent>(
  sql: LiveSql,
  where: string,
  values: readonly SqlValue[],
): Promise<E[]> {
  const rows = await sql.query<E>(`SELECT texts, ${FIELDS.join(", ")} FROM events WHERE ${where}`, values);
  return rows.map(withRegistration);
}
