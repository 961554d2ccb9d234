import { fUpperTail } from "../base/math/f-distribution.js";
import { orderDescending } from "../base/math/sorting.js";
import type { Matrix } from "../base/matrix.js";
import { fitScaler, standardise } from "./scaler.js";
import { classTotals } from "./two-classes.js";

export interface FScores {
  /** NaN for a constant column, ∞ for one that is constant within both classes but not across. */
  readonly f: Float64Array;
  readonly p: Float64Array;
}

/**
 * One-way ANOVA F of each column between churned and kept rows, with its p-value, as scikit-learn's
 * `f_classif`; missing values count as the column's mean. Degrees of freedom are 1 and Σ weights − 2.
 * Fails with SINGLE_CLASS.
 */
export function fScores(x: Matrix, y: Uint8Array, weights: Float64Array | null): FScores {
  const totals = classTotals(y, weights);
  const f = fOfStandardised(standardise(fitScaler(x, weights), x), y, weights, totals);
  return { f, p: f.map((value) => fUpperTail(value, 1, totals[0] + totals[1] - 2)) };
}

/** The k columns of largest F in ascending order of number; equal F goes to the lower number, NaN comes last. */
export function selectKBest(f: Float64Array, k: number): number[] {
  const ranked = f.map((value) => (Number.isNaN(value) ? -1 : Math.min(value, Number.MAX_VALUE)));
  return Array.from(orderDescending(ranked).subarray(0, k)).sort((a, b) => a - b);
}

/** F by column of data already standardised under the same weights (F does not change with origin and unit). */
export function fOfStandardised(
  z: Matrix,
  y: Uint8Array,
  weights: Float64Array | null,
  totals: readonly [number, number],
): Float64Array {
  const { rows, cols, data } = z;
  const means = [new Float64Array(cols), new Float64Array(cols)] as const;
  // Hot loops: first the class means, then the squares around them.
  for (let i = 0; i < rows; i++) {
    const label = y[i] === 1 ? 1 : 0;
    const share = (weights === null ? 1 : weights[i]!) / totals[label];
    const mean = means[label];
    for (let j = 0; j < cols; j++) mean[j]! += share * data[i * cols + j]!;
  }
  const within = new Float64Array(cols);
  for (let i = 0; i < rows; i++) {
    const weight = weights === null ? 1 : weights[i]!;
    const mean = means[y[i] === 1 ? 1 : 0];
    for (let j = 0; j < cols; j++) within[j]! += weight * (data[i * cols + j]! - mean[j]!) ** 2;
  }
  const [zero, one] = totals;
  return within.map((sum, j) => {
    const between = ((zero * one) / (zero + one)) * (means[1][j]! - means[0][j]!) ** 2;
    return between / (sum / (zero + one - 2));
  });
}
