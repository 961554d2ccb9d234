import { seededRng } from "../../base/rng.js";
import { MS_PER_DAY } from "../../base/time.js";
import { liveQuality, POSITIVES_MIN } from "../../monitor/concept/live-quality.js";
import type { MaturedRows } from "../../monitor/concept/matured-rows.js";
import { takeMatured } from "../../monitor/concept/matured-rows.js";
import { pooledFrom, windowOf } from "../../monitor/concept/windows.js";
import { CONFIG_KEYS } from "../../schema/config.js";
import type { MaturedQuality } from "../../schema/loop-documents.js";
import type { LiveSql } from "../../store/live/live-db.js";
import { readScored, type ScoredRows } from "./observed-table.js";

/** Windows that are read at first. */
const READ_FIRST = 4;

interface Asked {
  readonly modelVersion: string;
  /** Cutoffs before this moment. */
  readonly throughMs: number;
  /** Users to whom an offer was made, instead of the others. */
  readonly treated?: boolean;
  readonly windowDays?: number;
  /** Pooled backwards until so many users churned. */
  readonly positives?: number;
}

/**
 * How well a model did on users whose outcomes are known, pooled backwards over windows until there are enough of them for a verdict
 * (`enough`). Of users nobody treated, unless asked otherwise. The draws are seeded by the model: asked again it is the same.
 */
export async function maturedQuality(sql: LiveSql, asked: Asked): Promise<MaturedQuality> {
  const { modelVersion, throughMs, treated = false, positives = POSITIVES_MIN } = asked;
  const windowDays = asked.windowDays ?? CONFIG_KEYS.qualityWindowDays.otherwise;
  return qualityOf(await pooledRows(sql, { modelVersion, throughMs, treated, positives, windowDays }), modelVersion);
}

/** The same of rows that have been read; null where windows before them would have to be pooled too. */
export function pooledQuality(
  rows: MaturedRows,
  {
    modelVersion,
    windowDays,
    isAll,
  }: { readonly modelVersion: string; readonly windowDays: number; readonly isAll: boolean },
): MaturedQuality | null {
  if (!isAll && churnedIn(rows) < POSITIVES_MIN) return null;
  const since = pooledFrom(rows, { windowDays, positives: POSITIVES_MIN });
  return qualityOf(
    takeMatured(rows, (row) => (rows.cutoffMs[row] ?? 0) >= since),
    modelVersion,
  );
}

function qualityOf(rows: MaturedRows, modelVersion: string): MaturedQuality {
  const { figures, ...counts } = liveQuality(rows, seededRng(modelVersion).fork("live quality"));
  return { ...counts, ...figures, fromMs: rows.cutoffMs[0] ?? null, toMs: rows.cutoffMs.at(-1) ?? null };
}

function churnedIn({ users, y }: MaturedRows): number {
  return new Set(users.filter((_, row) => y[row] === 1)).size;
}

/** The latest windows of which enough users churned, all there are where that is never reached. Days are read as far back as needed. */
async function pooledRows(sql: LiveSql, asked: Required<Asked>): Promise<MaturedRows> {
  const { modelVersion, throughMs, treated, positives, windowDays } = asked;
  const [span] = await sql.query<{ first: number | null; last: number | null }>(
    "SELECT min(cutoff_ms) AS first, max(cutoff_ms) AS last FROM observed_scores WHERE model_version = $1 AND cutoff_ms < $2",
    [modelVersion, throughMs],
  );
  const [first, last] = [span?.first ?? 0, span?.last ?? 0];
  for (let days = READ_FIRST * windowDays; ; days *= 2) {
    const { fromMs } = windowOf(last - days * MS_PER_DAY, windowDays);
    const rows = maturedOf(await readScored(sql, { modelVersion, fromMs, toMs: throughMs }), treated);
    const since = pooledFrom(rows, { windowDays, positives });
    if (churnedIn(rows) < positives && fromMs > first) continue;
    return takeMatured(rows, (row) => (rows.cutoffMs[row] ?? 0) >= since);
  }
}

/** The rows whose outcome is known, of treated users or of the others. */
export function maturedOf(scored: ScoredRows, treated: boolean): MaturedRows {
  const rows = Array.from(scored.outcome.keys()).filter(
    (row) => (scored.outcome[row] ?? -2) >= 0 && (scored.treated[row] === 1) === treated,
  );
  return {
    users: rows.map((row) => scored.users[row] ?? ""),
    cutoffMs: Float64Array.from(rows, (row) => scored.cutoffMs[row] ?? Number.NaN),
    p: Float64Array.from(rows, (row) => scored.p[row] ?? Number.NaN),
    flagged: Uint8Array.from(rows, (row) => scored.flagged[row] ?? 0),
    y: Uint8Array.from(rows, (row) => scored.outcome[row] ?? 0),
  };
}
