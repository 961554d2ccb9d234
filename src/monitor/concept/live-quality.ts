import { sortedQuantile } from "../../base/math/sorting.js";
import type { Rng } from "../../base/rng.js";
import { bootstrapValues } from "../../evaluate/intervals.js";
import { type MeasuredName, measure } from "../../evaluate/metrics.js";
import type { Scored } from "../../evaluate/scored.js";
import type { LiveFigure, LiveFigures, LiveMetricName, LiveQualityFigures } from "../../schema/loop-documents.js";
import { maturedCalibration } from "../estimate/calibration-line.js";
import { AT_THRESHOLD, LIVE_METRICS } from "./live-metrics.js";
import { groupsOf, type MaturedRows, userNumbers } from "./matured-rows.js";

/** Churned users below whom no verdict is given. */
export const POSITIVES_MIN = 30;
const RESAMPLES = 250;
const NORMAL_975 = 1.959963984540054;
const NORMAL_95 = 1.6448536269514722;

/**
 * How well scores did, by what became of their users, with 95% intervals by bootstrap over users and the one-sided 95% bounds.
 * `positives` counts users who churned, not rows: a user's rows of ten days wait for the same event. A figure that is not defined,
 * as with one class, is null.
 */
export function liveQuality(rows: MaturedRows, rng: Rng): LiveQualityFigures {
  const user = userNumbers(rows.users);
  const churned = new Set(Array.from(user).filter((_, row) => rows.y[row] === 1));
  const group = groupsOf(rows.cutoffMs);
  const ranked: Scored = { y: rows.y, p: rows.p, group };
  const decided: Scored = { y: rows.y, p: Float64Array.from(rows.flagged), threshold: 0.5, group };
  const names = Object.entries(LIVE_METRICS) as [LiveMetricName, MeasuredName][];
  const ofRanks = names
    .filter(([name]) => !AT_THRESHOLD.has(name) && name !== "calibrationSlope")
    .map(([, measured]) => measured);
  const ofFlags = names.filter(([name]) => AT_THRESHOLD.has(name)).map(([, measured]) => measured);
  const ranksNobody = rows.p.every((p) => p === rows.p[0]);
  const values = {
    ...bootstrapValues({ ...ranked, user }, { resamples: RESAMPLES, metrics: ofRanks }, rng.fork("users")).values,
    ...bootstrapValues({ ...decided, user }, { resamples: RESAMPLES, metrics: ofFlags }, rng.fork("users")).values,
  };
  const figures = names.map(([name, measured]): [LiveMetricName, LiveFigure | null] => {
    if (name === "calibrationSlope") return [name, slopeOf(rows)];
    const value = measure(measured, AT_THRESHOLD.has(name) ? decided : ranked);
    const sorted = values[measured] ?? new Float64Array(0);
    if (!Number.isFinite(value) || sorted.length === 0 || (name === "lift" && ranksNobody)) return [name, null];
    const at = (share: number) => sortedQuantile(sorted, share);
    return [name, { value, low: at(0.025), high: at(0.975), lower95: at(0.05), upper95: at(0.95) }];
  });
  return {
    rows: rows.y.length,
    users: new Set(user).size,
    positives: churned.size,
    enough: churned.size >= POSITIVES_MIN,
    baseRate: rows.y.length === 0 ? null : rows.y.reduce<number>((sum, y) => sum + y, 0) / rows.y.length,
    predictedRate: rows.y.length === 0 ? null : rows.p.reduce((sum, p) => sum + p, 0) / rows.y.length,
    figures: Object.fromEntries(figures) as LiveFigures,
  };
}

/** Hundreds of fits would say no more than the normal approximation over users. */
function slopeOf(rows: MaturedRows): LiveFigure | null {
  const line = maturedCalibration(rows);
  if (line === null) return null;
  const value = line.mean.slope;
  const error = Math.sqrt(line.covariance[2]);
  const [two, one] = [NORMAL_975 * error, NORMAL_95 * error];
  return { value, low: value - two, high: value + two, lower95: value - one, upper95: value + one };
}
