import { logit } from "../../base/math/sigmoid.js";
import type { Rng } from "../../base/rng.js";
import type { LogisticLine } from "../../evaluate/logistic-line.js";
import { type CalibrationBelief, inverse } from "./calibration-line.js";

/** How far a model may be off by its own test, one standard deviation. */
export interface CalibrationPrior {
  /** The line that its own test showed; a calibrated one where it is absent. */
  readonly mean?: LogisticLine;
  readonly intercept: number;
  readonly slope: number;
}

/** What a calibrated model is believed to be, by its own test, after what matured rows have shown: the product of both normals. */
export function believed(prior: CalibrationPrior, matured: CalibrationBelief | null): CalibrationBelief {
  const own: [number, number, number] = [prior.intercept ** 2, 0, prior.slope ** 2];
  const before = prior.mean ?? { intercept: 0, slope: 1 };
  if (matured === null) return { mean: before, covariance: own };
  const [p, q] = [inverse(own), inverse(matured.covariance)];
  const covariance = inverse([p[0] + q[0], p[1] + q[1], p[2] + q[2]]);
  const { intercept, slope } = matured.mean;
  const right = [
    p[0] * before.intercept + p[1] * before.slope + q[0] * intercept + q[1] * slope,
    p[1] * before.intercept + p[2] * before.slope + q[1] * intercept + q[2] * slope,
  ] as const;
  return {
    mean: {
      intercept: covariance[0] * right[0] + covariance[1] * right[1],
      slope: covariance[1] * right[0] + covariance[2] * right[1],
    },
    covariance,
  };
}

export function drawLine({ mean, covariance: [aa, as, ss] }: CalibrationBelief, rng: Rng): LogisticLine {
  const [u, v] = [rng.normal(), rng.normal()];
  const sd = Math.sqrt(aa);
  const tilt = sd === 0 ? 0 : as / sd;
  return {
    intercept: mean.intercept + sd * u,
    slope: Math.max(0, mean.slope + tilt * u + Math.sqrt(Math.max(0, ss - tilt * tilt)) * v),
  };
}

/**
 * What a model's own test says of its calibration: the slope with its interval, around the base rate.
 *
 * @param slope null where the test could not tell
 */
export function priorOf(
  slope: { readonly value: number; readonly low: number; readonly high: number } | null,
  baseRate: number,
): CalibrationPrior {
  if (slope === null || !(slope.high > slope.low)) return UNKNOWN;
  // Scores that are too timid are so on both sides of the base rate.
  const mean = { intercept: (1 - slope.value) * logit(baseRate), slope: slope.value };
  return {
    mean,
    intercept: Math.hypot(UNKNOWN.intercept, (errorOf(slope) * logit(baseRate)) / 2),
    slope: errorOf(slope),
  };
}

const UNKNOWN: CalibrationPrior = { intercept: 0.25, slope: 0.3 };
const NORMAL_95_WIDTH = 3.92;

const errorOf = ({ low, high }: { readonly low: number; readonly high: number }): number =>
  (high - low) / NORMAL_95_WIDTH;
