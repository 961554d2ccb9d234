// hot loop
import { logit, sigmoid } from "../../base/math/sigmoid.js";
import { sortedQuantile } from "../../base/math/sorting.js";
import type { Rng } from "../../base/rng.js";
import type { ForecastFigure } from "../../schema/loop-documents.js";
import { drawLine } from "../estimate/calibration-belief.js";
import type { CalibrationBelief } from "../estimate/calibration-line.js";

const DRAWS = 400;

/**
 * How many of the users at risk will churn within the horizon: calibrated scores summed, with a 95% band that holds the chance in
 * outcomes, that only a sample of the users was scored, and how well the calibration is known. Null where nobody was scored.
 *
 * @param p of the users who were scored
 * @param atRisk users at risk, of whom they are a sample
 */
export function churnForecast(
  { p, atRisk, belief }: { readonly p: Float64Array; readonly atRisk: number; readonly belief: CalibrationBelief },
  rng: Rng,
): ForecastFigure | null {
  const n = p.length;
  if (n === 0) return null;
  const scores = p.map(logit);
  const unseen = Math.max(0, 1 - n / Math.max(n, atRisk));
  const counts = new Float64Array(DRAWS);
  for (let d = 0; d < DRAWS; d++) {
    const { intercept, slope } = drawLine(belief, rng);
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const own = sigmoid(intercept + slope * scores[i]!);
      sum += own;
      squares += own * own;
    }
    const mean = sum / n;
    const chance = (atRisk / n) * (sum - squares);
    const sampled = (unseen * atRisk * atRisk * Math.max(0, squares / n - mean * mean)) / n;
    counts[d] = Math.min(atRisk, Math.max(0, atRisk * mean + Math.sqrt(chance + sampled) * rng.normal()));
  }
  counts.sort();
  const expected = counts.reduce((sum, count) => sum + count, 0) / DRAWS;
  return { expected, low: sortedQuantile(counts, 0.025), high: sortedQuantile(counts, 0.975) };
}
