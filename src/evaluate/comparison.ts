import { sortedQuantile } from "../base/math/sorting.js";
import type { Rng } from "../base/rng.js";
import { userDraws } from "./intervals.js";
import { METRICS } from "./metrics.js";
import { groupsOf } from "./score-card.js";
import { once } from "./scored.js";

/** Two models' calibrated P(churn) of the same rows. */
export interface Compared {
  readonly y: Uint8Array;
  /** Any whole number a user: a user's rows are drawn together. */
  readonly user: Int32Array;
  readonly cutoffMs: Float64Array;
  readonly candidate: Float64Array;
  readonly champion: Float64Array;
}

/** A figure with its 95% interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface Comparison {
  readonly rows: number;
  readonly users: number;
  readonly positives: number;
  readonly candidate: { readonly averagePrecision: Estimate; readonly rocAuc: Estimate; readonly liftAt10: Estimate };
  readonly champion: { readonly averagePrecision: Estimate; readonly rocAuc: Estimate; readonly liftAt10: Estimate };
  /** Candidate − champion, average precision. */
  readonly difference: Estimate;
  /** One-sided: with 90% confidence the difference is no smaller. */
  readonly atLeast90: number;
}

const COMPARED = ["averagePrecision", "rocAuc", "liftAt10"] as const;
const RESAMPLES = 2000;

/**
 * Paired percentile bootstrap over users (Efron & Tibshirani 1993, ch. 8): both models on the same resamples, so that what makes a
 * resample hard for both cancels in the difference.
 *
 * @param compared rows of both classes
 */
export function comparePaired(compared: Compared, rng: Rng): Comparison {
  const { y, user, cutoffMs } = compared;
  const group = groupsOf(cutoffMs);
  const sides = [compared.candidate, compared.champion].map((p) =>
    COMPARED.map((name) => METRICS[name].prepare({ y, p, group })),
  );
  const whole = sides.map((side) => side.map((measured) => measured(once(y.length))));
  const draws = sides.map((side) => side.map((): number[] => []));
  const differences: number[] = [];
  const draw = userDraws(user, rng);
  const counts = new Float64Array(y.length);
  for (let r = 0; r < RESAMPLES; r++) {
    draw(counts);
    const values = sides.map((side) => side.map((measured) => measured(counts)));
    if (!values.flat().every(Number.isFinite)) continue;
    values.forEach((side, s) => {
      side.forEach((value, m) => {
        draws[s]?.[m]?.push(value);
      });
    });
    differences.push((values[0]?.[0] ?? 0) - (values[1]?.[0] ?? 0));
  }
  const figures = (s: number) =>
    Object.fromEntries(
      COMPARED.map((name, m) => [name, estimate(whole[s]?.[m] ?? Number.NaN, draws[s]?.[m] ?? [])]),
    ) as Comparison["candidate"];
  const sorted = Float64Array.from(differences).sort();
  return {
    rows: y.length,
    users: new Set(user).size,
    positives: y.reduce<number>((sum, label) => sum + label, 0),
    candidate: figures(0),
    champion: figures(1),
    difference: estimate((whole[0]?.[0] ?? 0) - (whole[1]?.[0] ?? 0), differences),
    atLeast90: sortedQuantile(sorted, 0.1),
  };
}

function estimate(value: number, draws: readonly number[]): Estimate {
  const sorted = Float64Array.from(draws).sort();
  return { value, low: sortedQuantile(sorted, 0.025), high: sortedQuantile(sorted, 0.975) };
}
