import type { LiveSql } from "../../store/live/live-db.js";

/** What figures are kept of, and the document of each. */
const FIGURE_KINDS = ["data-quality", "live-quality", "concept", "kpis", "loop"] as const;
export type FigureKind = (typeof FIGURE_KINDS)[number];

export interface StoredFigures<T> {
  readonly name: string;
  readonly atMs: number;
  readonly document: T;
}

/** Keeps what was measured of a day or window; measured again, it takes the place of what was there. */
export async function putFigures(
  sql: LiveSql,
  { kind, name, atMs, document }: StoredFigures<unknown> & { readonly kind: FigureKind },
  now: number,
): Promise<void> {
  await sql.query(
    `INSERT INTO figures VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (kind, name, at_ms) DO UPDATE SET made_at_ms = excluded.made_at_ms, document = excluded.document`,
    [kind, name, atMs, now, JSON.stringify(document)],
  );
}

interface FigureRange {
  readonly kind: FigureKind;
  /** All names where it is absent. */
  readonly name?: string;
  readonly fromMs?: number;
  readonly toMs?: number;
  /** The last so many. */
  readonly last?: number;
}

/** What was measured, by time. The caller knows what documents of the kind are. */
export async function readFigures<T>(
  sql: LiveSql,
  { kind, name, fromMs = Number.MIN_SAFE_INTEGER, toMs = Number.MAX_SAFE_INTEGER, last = 100_000 }: FigureRange,
): Promise<StoredFigures<T>[]> {
  const rows = await sql.query<{ name: string; atMs: number; document: string }>(
    `SELECT name, at_ms AS "atMs", document FROM figures
     WHERE kind = $1 AND ($2::text IS NULL OR name = $2::text) AND at_ms >= $3 AND at_ms < $4
     ORDER BY at_ms DESC, name LIMIT $5`,
    [kind, name ?? null, fromMs, toMs, last],
  );
  return rows.reverse().map(({ document, ...row }) => ({ ...row, document: JSON.parse(document) as T }));
}

/** Forgets figures of days before a moment. */
export async function forgetFigures(sql: LiveSql, beforeMs: number): Promise<void> {
  await sql.query("DELETE FROM figures WHERE at_ms < $1", [beforeMs]);
}
