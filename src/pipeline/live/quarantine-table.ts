import { arrayText } from "../../store/live/array-text.js";
import type { LiveDb, LiveSql } from "../../store/live/live-db.js";
import { userIsErased } from "../../store/live/tombstone-sql.js";

/** An event that was not taken: why, and its known fields as JSON, null where it was no object or too long. */
export interface NewReject {
  readonly receivedAtMs: number;
  readonly code: string;
  readonly userId: string | null;
  readonly event: string | null;
}

export interface KeptReject {
  readonly id: number;
  readonly receivedAtMs: number;
  readonly code: string;
  readonly userId: string | null;
  readonly event: Readonly<Record<string, unknown>> | null;
}

const FIELDS = 'id, received_at_ms AS "receivedAtMs", code, user_id AS "userId", event';

/** Adds rows, and drops the oldest beyond `rowsMax`, which is counted. Nothing is kept of who was erased. */
export function insertQuarantined(db: LiveDb, rows: readonly NewReject[], rowsMax: number): Promise<void> {
  return db.transaction(async (sql) => {
    const added = await sql.query(
      `INSERT INTO quarantine (received_at_ms, code, user_id, event)
       SELECT * FROM unnest($1::int8[], $2::text[], $3::text[], $4::text[]) AS t(received_at_ms, code, user_id, event)
       WHERE user_id IS NULL OR NOT ${userIsErased("user_id")} RETURNING 1`,
      [
        arrayText(rows.map(({ receivedAtMs }) => receivedAtMs)),
        arrayText(rows.map(({ code }) => code)),
        arrayText(rows.map(({ userId }) => userId)),
        arrayText(rows.map(({ event }) => event)),
      ],
    );
    if (added.length === 0) return;
    const dropped = await sql.query(
      `DELETE FROM quarantine WHERE id <= (SELECT id FROM quarantine ORDER BY id DESC OFFSET $1 LIMIT 1) RETURNING 1`,
      [rowsMax],
    );
    if (dropped.length > 0) await sql.query("UPDATE quarantine_dropped SET rows = rows + $1", [dropped.length]);
  });
}

/** Newest first. */
export async function quarantinePage(
  sql: LiveSql,
  { before, limit }: { readonly before: number | null; readonly limit: number },
): Promise<KeptReject[]> {
  const rows = await sql.query<Selected>(`SELECT ${FIELDS} FROM quarantine WHERE id < $1 ORDER BY id DESC LIMIT $2`, [
    before ?? Number.MAX_SAFE_INTEGER,
    limit,
  ]);
  return rows.map(parsed);
}

export async function readQuarantined(sql: LiveSql, id: number): Promise<KeptReject | null> {
  const [row] = await sql.query<Selected>(`SELECT ${FIELDS} FROM quarantine WHERE id = $1`, [id]);
  return row === undefined ? null : parsed(row);
}

export async function deleteQuarantined(sql: LiveSql, id: number): Promise<void> {
  await sql.query("DELETE FROM quarantine WHERE id = $1", [id]);
}

export async function droppedRows(sql: LiveSql): Promise<number> {
  const [row] = await sql.query<{ rows: number }>("SELECT rows FROM quarantine_dropped");
  return row?.rows ?? 0;
}

interface Selected extends Omit<KeptReject, "event"> {
  readonly event: string | null;
}

function parsed(row: Selected): KeptReject {
  return { ...row, event: row.event === null ? null : (JSON.parse(row.event) as Record<string, unknown>) };
}
