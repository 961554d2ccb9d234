// hot loop
import { logit } from "../../base/math/sigmoid.js";
import type { Rng } from "../../base/rng.js";
import { userDraws } from "../../evaluate/intervals.js";
import { fitLogisticLine, type LogisticLine } from "../../evaluate/logistic-line.js";
import { type MaturedRows, userNumbers } from "../concept/matured-rows.js";

/** What is believed of the line between the logits of scores and the truth: normal, around `mean`. */
export interface CalibrationBelief {
  readonly mean: LogisticLine;
  /** Of the intercept, of both, of the slope. */
  readonly covariance: readonly [number, number, number];
}

/** How far a model may be off by its own test, one standard deviation. */
export interface CalibrationPrior {
  readonly intercept: number;
  readonly slope: number;
}

const DRAWS = 100;
const DRAWS_MIN = 50;

/** The line that matured rows show, with what a bootstrap over users says of it; null where there are too few of either class. */
export function maturedCalibration(rows: MaturedRows, rng: Rng): CalibrationBelief | null {
  const score = rows.p.map(logit);
  const target = Float64Array.from(rows.y);
  const whole = fitLogisticLine(score, target, new Float64Array(score.length).fill(1));
  if (whole === null) return null;
  const draw = userDraws(userNumbers(rows.users), rng);
  const counts = new Float64Array(score.length);
  const found: LogisticLine[] = [];
  for (let i = 0; i < DRAWS; i++) {
    draw(counts);
    const line = fitLogisticLine(score, target, counts, whole);
    if (line !== null) found.push(line);
  }
  if (found.length < DRAWS_MIN) return null;
  const n = found.length;
  const [a, s] = [found.reduce((sum, l) => sum + l.intercept, 0) / n, found.reduce((sum, l) => sum + l.slope, 0) / n];
  const product = (of: (l: LogisticLine) => number) => found.reduce((sum, l) => sum + of(l), 0) / (n - 1);
  return {
    mean: whole,
    covariance: [
      product((l) => (l.intercept - a) ** 2),
      product((l) => (l.intercept - a) * (l.slope - s)),
      product((l) => (l.slope - s) ** 2),
    ],
  };
}

/** What a calibrated model is believed to be, by its own test, after what matured rows have shown: the product of both normals. */
export function believed(prior: CalibrationPrior, matured: CalibrationBelief | null): CalibrationBelief {
  const own: [number, number, number] = [prior.intercept ** 2, 0, prior.slope ** 2];
  if (matured === null) return { mean: { intercept: 0, slope: 1 }, covariance: own };
  const [p, q] = [inverse(own), inverse(matured.covariance)];
  const covariance = inverse([p[0] + q[0], p[1] + q[1], p[2] + q[2]]);
  const { intercept, slope } = matured.mean;
  const right = [p[1] + q[0] * intercept + q[1] * slope, p[2] + q[1] * intercept + q[2] * slope] as const;
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

function inverse([a, b, c]: readonly [number, number, number]): [number, number, number] {
  const determinant = a * c - b * b;
  return [c / determinant, -b / determinant, a / determinant];
}
