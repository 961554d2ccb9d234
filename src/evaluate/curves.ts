import { rankingOf } from "./ranking.js";
import type { Scored } from "./scored.js";

/** `threshold` is the score from which rows are flagged; null for the end point where none is. */
export interface PrPoint {
  readonly threshold: number | null;
  readonly precision: number;
  readonly recall: number;
}

export interface RocPoint {
  readonly threshold: number | null;
  readonly falsePositiveRate: number;
  readonly truePositiveRate: number;
}

/** One point a distinct score, by ascending threshold, then (precision 1, recall 0): scikit-learn's order. */
export function prCurve(scored: Scored): PrPoint[] {
  const steps = cumulative(scored);
  const churned = steps.at(-1)?.churned ?? 0;
  const points: PrPoint[] = steps.map(({ threshold, churned: hit, kept }) => ({
    threshold,
    precision: hit + kept === 0 ? 0 : hit / (hit + kept),
    recall: churned === 0 ? Number.NaN : hit / churned,
  }));
  return [...points.reverse(), { threshold: null, precision: 1, recall: 0 }];
}

/** (0, 0), then one point a distinct score, by descending threshold. Rates are NaN for a class without rows. */
export function rocCurve(scored: Scored): RocPoint[] {
  const steps = cumulative(scored);
  const churned = steps.at(-1)?.churned || Number.NaN;
  const kept = steps.at(-1)?.kept || Number.NaN;
  const points = steps.map((step) => ({
    threshold: step.threshold,
    falsePositiveRate: step.kept / kept,
    truePositiveRate: step.churned / churned,
  }));
  return [{ threshold: null, falsePositiveRate: 0, truePositiveRate: 0 }, ...points];
}

/** Weight of churned and kept rows at or above each distinct score, highest score first. */
function cumulative(scored: Scored): { threshold: number; churned: number; kept: number }[] {
  const ranking = rankingOf(scored);
  const steps: { threshold: number; churned: number; kept: number }[] = [];
  let churned = 0;
  let kept = 0;
  ranking.row.forEach((row, i) => {
    const weight = ranking.weight[i] ?? 0;
    if (ranking.y[i] === 1) churned += weight;
    else kept += weight;
    if (ranking.last[i] === 1) steps.push({ threshold: scored.p[row] ?? Number.NaN, churned, kept });
  });
  return steps;
}
