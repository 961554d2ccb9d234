// hot loop
import { logit, sigmoid } from "../../base/math/sigmoid.js";
import { fitLogisticLine, type LogisticLine } from "../../evaluate/logistic-line.js";
import { type MaturedRows, userNumbers } from "../concept/matured-rows.js";

/** What is known of the line between the logits of scores and the truth: normal, around `mean`. */
export interface CalibrationBelief {
  readonly mean: LogisticLine;
  /** Of the intercept, of both, of the slope. */
  readonly covariance: readonly [number, number, number];
}

/**
 * The logistic regression of outcomes on the logits of scores (Cox 1958), with the covariance of its two numbers that holds although a
 * user's rows go together: the sandwich over users (Liang & Zeger 1986). Null where there is no such line, or only one user.
 */
export function maturedCalibration({ p, y, users }: MaturedRows): CalibrationBelief | null {
  const score = p.map(logit);
  const line = fitLogisticLine(score, Float64Array.from(y), new Float64Array(p.length).fill(1));
  const user = userNumbers(users);
  const many = user.reduce((most, number) => Math.max(most, number), -1) + 1;
  if (line === null || many < 2) return null;
  const gradient = new Float64Array(2 * many);
  const bread = [0, 0, 0] as [number, number, number];
  for (let row = 0; row < score.length; row++) {
    const s = score[row]!;
    const q = sigmoid(line.intercept + line.slope * s);
    const w = q * (1 - q);
    bread[0] += w;
    bread[1] += w * s;
    bread[2] += w * s * s;
    gradient[2 * user[row]!]! += y[row]! - q;
    gradient[2 * user[row]! + 1]! += (y[row]! - q) * s;
  }
  const meat = [0, 0, 0] as [number, number, number];
  for (let u = 0; u < many; u++) {
    const [a, b] = [gradient[2 * u]!, gradient[2 * u + 1]!];
    meat[0] += a * a;
    meat[1] += a * b;
    meat[2] += b * b;
  }
  const covariance = sandwich(inverse(bread), meat, many / (many - 1));
  return covariance.every(Number.isFinite) ? { mean: line, covariance } : null;
}

/** Of a symmetric 2 × 2 matrix, as its three numbers. */
export function inverse([a, b, c]: readonly [number, number, number]): [number, number, number] {
  const determinant = a * c - b * b;
  return [c / determinant, -b / determinant, a / determinant];
}

function sandwich(
  [a, b, c]: readonly [number, number, number],
  [p, q, r]: readonly [number, number, number],
  times: number,
): [number, number, number] {
  const [x, y, z, w] = [a * p + b * q, a * q + b * r, b * p + c * q, b * q + c * r];
  return [times * (x * a + y * b), times * (x * b + y * c), times * (z * b + w * c)];
}
