import type { Rng } from "../base/rng.js";
import { MS_PER_DAY } from "../base/time.js";
import { HORIZON } from "../labels/label.js";
import { type Intervals, METRIC_NAMES, type MetricName, type Metrics } from "../schema/documents.js";
import { bootstrapIntervals } from "./intervals.js";
import { MEASURED_NAMES, type MeasuredName, metricsOf } from "./metrics.js";
import type { Scored } from "./scored.js";

/** Predictions of different blocks, pooled. `flagged` is 1 where p reached the threshold of its own block. */
export interface PooledScores {
  readonly y: Uint8Array;
  readonly p: Float64Array;
  readonly flagged: Uint8Array;
  readonly user: Int32Array;
  /** The cutoff of each row, ms; null puts all rows in one group. */
  readonly cutoffMs: Float64Array | null;
  /** How long after its cutoff a row waited for the event; the default horizon when absent. */
  readonly horizonDays?: number;
}

export interface ScoreCard {
  readonly metrics: Metrics;
  readonly intervals: Intervals;
}

const AT_THRESHOLD: readonly MeasuredName[] = ["f1", "precision", "recall"];

/**
 * Every metric with its 95% interval over users; metrics at a threshold use each row's own block's. A constant score has no
 * riskiest tenth: its lift would be that of whoever comes first in the table.
 */
export function scoreCard(pooled: PooledScores, rng: Rng): ScoreCard {
  const { scored, flagged } = views(pooled);
  const ranked = metricsOf(scored, rng.fork("expected"));
  const decided = metricsOf(flagged, rng.fork("expected"));
  const ranksNobody = pooled.p.every((score) => score === pooled.p[0]);
  const others = MEASURED_NAMES.filter((name) => !AT_THRESHOLD.includes(name) && !(ranksNobody && name === "liftAt10"));
  const intervals: Intervals = {
    ...bootstrapIntervals({ ...scored, user: pooled.user }, { metrics: others }, rng.fork("users")).intervals,
    ...bootstrapIntervals({ ...flagged, user: pooled.user }, { metrics: AT_THRESHOLD }, rng.fork("users")).intervals,
  };
  const isDecided = (name: MetricName) => AT_THRESHOLD.some((other) => other === name);
  const metrics = Object.fromEntries(
    METRIC_NAMES.map((name) => [name, isDecided(name) ? decided[name] : ranked[name]]),
  ) as unknown as Metrics;
  return { metrics: ranksNobody ? { ...metrics, liftAt10: null } : metrics, intervals };
}

function views({ y, p, flagged, user, cutoffMs, horizonDays = HORIZON.horizonDays }: PooledScores): {
  scored: Scored;
  flagged: Scored;
} {
  const group = cutoffMs === null ? null : groupsOf(cutoffMs);
  const windows = cutoffMs === null ? null : { user, fromMs: cutoffMs, lengthMs: horizonDays * MS_PER_DAY };
  return { scored: { y, p, group, windows }, flagged: { y, p: Float64Array.from(flagged), threshold: 0.5, group } };
}

/** Numbers the distinct cutoffs 0, 1, 2 … */
export function groupsOf(cutoffMs: Float64Array): Int32Array {
  const numbers = new Map<number, number>();
  for (const cutoff of cutoffMs) if (!numbers.has(cutoff)) numbers.set(cutoff, numbers.size);
  return Int32Array.from(cutoffMs, (cutoff) => numbers.get(cutoff) ?? 0);
}
