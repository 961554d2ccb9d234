import { isoOf, MS_PER_DAY } from "../../base/time.js";
import type { DriftCheckDocument } from "../../schema/drift-document.js";
import type { LiveDb, LiveSql } from "../../store/live/live-db.js";

/** Checks are kept for so long. */
const KEPT_DAYS = 400;

/** A check in a list of them. */
export interface ListedCheck {
  readonly cutoffMs: number;
  readonly modelVersion: string;
  readonly alarmed: boolean;
  readonly p: number;
  /** Behind the alarm. */
  readonly features: readonly string[];
  readonly episodeSinceMs: number | null;
  readonly madeAtMs: number;
}

export interface NewCheck {
  readonly cutoffMs: number;
  readonly modelVersion: string;
  readonly features: readonly string[];
  readonly madeAtMs: number;
  readonly document: Omit<DriftCheckDocument, "episodeSince">;
}

/**
 * Stores a check, in the episode of the one before it where both alarmed; one that is there is left as it is. Returns what is stored.
 */
export function insertCheck(db: LiveDb, check: NewCheck): Promise<DriftCheckDocument> {
  const { cutoffMs, modelVersion, madeAtMs, document } = check;
  return db.transaction(async (sql) => {
    const [before] = await sql.query<{ since: number | null }>(
      `SELECT episode_since_ms AS since FROM drift_checks WHERE cutoff_ms < $1 ORDER BY cutoff_ms DESC, made_at_ms DESC LIMIT 1`,
      [cutoffMs],
    );
    const since = document.drifted ? (before?.since ?? cutoffMs) : null;
    const whole: DriftCheckDocument = { ...document, episodeSince: since === null ? null : isoOf(since) };
    await sql.query("INSERT INTO drift_checks VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING", [
      cutoffMs,
      modelVersion,
      document.drifted ? "t" : "f",
      document.alarm.p,
      JSON.stringify(check.features),
      since,
      madeAtMs,
      JSON.stringify(whole),
    ]);
    await sql.query("DELETE FROM drift_checks WHERE cutoff_ms < $1", [cutoffMs - KEPT_DAYS * MS_PER_DAY]);
    return (await readCheck(sql, { cutoffMs, modelVersion })) ?? whole;
  });
}

/** Null where it was not made. */
export async function readCheck(
  sql: LiveSql,
  { cutoffMs, modelVersion }: { readonly cutoffMs: number; readonly modelVersion: string },
): Promise<DriftCheckDocument | null> {
  const [row] = await sql.query<{ document: string }>(
    "SELECT document FROM drift_checks WHERE cutoff_ms = $1 AND model_version = $2",
    [cutoffMs, modelVersion],
  );
  return row === undefined ? null : (JSON.parse(row.document) as DriftCheckDocument);
}

/** Null before the first. */
export async function latestCheck(sql: LiveSql): Promise<DriftCheckDocument | null> {
  const [row] = await sql.query<{ document: string }>(
    "SELECT document FROM drift_checks ORDER BY cutoff_ms DESC, made_at_ms DESC, model_version LIMIT 1",
  );
  return row === undefined ? null : (JSON.parse(row.document) as DriftCheckDocument);
}

/** The last check of a model that alarmed, and in what; null for none. */
export async function latestAlarm(
  sql: LiveSql,
  modelVersion: string,
): Promise<{ readonly atMs: number; readonly what: string } | null> {
  const [row] = await sql.query<{ at: number; features: string }>(
    `SELECT cutoff_ms AS at, features FROM drift_checks WHERE model_version = $1 AND alarmed
     ORDER BY cutoff_ms DESC LIMIT 1`,
    [modelVersion],
  );
  return row === undefined ? null : { atMs: row.at, what: (JSON.parse(row.features) as string[]).join(", ") };
}

/** Where a list of checks goes on. */
export interface AfterCheck {
  readonly cutoffMs: number;
  readonly modelVersion: string;
}

/** Latest first. */
export async function driftPage(
  sql: LiveSql,
  { after, limit }: { readonly after: AfterCheck | null; readonly limit: number },
): Promise<ListedCheck[]> {
  const rows = await sql.query<Omit<ListedCheck, "features"> & { readonly features: string }>(
    `SELECT cutoff_ms AS "cutoffMs", model_version AS "modelVersion", alarmed, p, features,
       episode_since_ms AS "episodeSinceMs", made_at_ms AS "madeAtMs"
     FROM drift_checks WHERE cutoff_ms < $1 OR (cutoff_ms = $1 AND model_version > $2)
     ORDER BY cutoff_ms DESC, model_version LIMIT $3`,
    [after?.cutoffMs ?? Number.MAX_SAFE_INTEGER, after?.modelVersion ?? "", limit],
  );
  return rows.map((row) => ({ ...row, features: JSON.parse(row.features) as string[] }));
}
