import { seededRng } from "../../base/rng.js";
import { liveQuality, POSITIVES_MIN } from "../../monitor/concept/live-quality.js";
import type { MaturedRows } from "../../monitor/concept/matured-rows.js";
import { takeMatured } from "../../monitor/concept/matured-rows.js";
import { pooledFrom } from "../../monitor/concept/windows.js";
import { CONFIG_KEYS } from "../../schema/config.js";
import type { LiveFigure, LiveMetricName, LiveQualityFigures } from "../../schema/loop-documents.js";
import type { LiveSql } from "../../store/live/live-db.js";
import { readScored, type ScoredRows } from "./observed-table.js";

export interface MaturedQuality
  extends Omit<LiveQualityFigures, "figures">,
    Readonly<Record<LiveMetricName, LiveFigure | null>> {
  /** The windows that were pooled; null where no outcome is known. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

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
  const scored = await readScored(sql, { modelVersion, fromMs: Number.MIN_SAFE_INTEGER, toMs: throughMs });
  const rows = maturedOf(scored, treated);
  const since = pooledFrom(rows, { windowDays, positives });
  const pooled = takeMatured(rows, (row) => (rows.cutoffMs[row] ?? 0) >= since);
  const { figures, ...counts } = liveQuality(pooled, seededRng(modelVersion).fork("live quality"));
  return { ...counts, ...figures, fromMs: pooled.cutoffMs[0] ?? null, toMs: pooled.cutoffMs.at(-1) ?? null };
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
