import { assert } from "../base/assert.js";
import { logit, sigmoid } from "../base/math/sigmoid.js";
import { classTotals } from "../models/two-classes.js";
import { applyIsotonic, fitIsotonic } from "./isotonic.js";
import { fitLogisticLine } from "./logistic-line.js";

/** Plain data: what turns a model's P(churn) into a calibrated one. */
export type Calibrator =
  | { readonly kind: "none" }
  /** p = 1 / (1 + exp(a · logit(p) + b)). */
  | { readonly kind: "platt"; readonly a: number; readonly b: number }
  | { readonly kind: "isotonic"; readonly x: readonly number[]; readonly y: readonly number[] };

export interface CalibrationOptions {
  readonly weights?: Float64Array | null;
  /**
   * Platt only: draws the line towards leaving the scores as they are, by so many copies of every row on which the score itself
   * is the truth. 0 is Platt's own.
   */
  readonly lean?: number;
}

export type CalibratorKind = Calibrator["kind"];

/**
 * Fits on a model's probabilities for rows it was not fitted on. Platt sees their logits, isotonic the probabilities.
 * Fails with SINGLE_CLASS.
 */
export function fitCalibrator(
  p: Float64Array,
  y: Uint8Array,
  kind: CalibratorKind,
  { weights = null, lean = 0 }: CalibrationOptions = {},
): Calibrator {
  assert(p.length === y.length, "one label a probability");
  switch (kind) {
    case "none":
      return { kind };
    case "platt":
      return { kind, ...fitPlatt(p.map(logit), y, { weights, lean }) };
    case "isotonic":
      classTotals(y, weights);
      return { kind, ...fitIsotonic(p, y, weights) };
    default:
      return kind satisfies never;
  }
}

/** Calibrated probabilities, in row order. */
export function applyCalibrator(calibrator: Calibrator, p: Float64Array): Float64Array {
  switch (calibrator.kind) {
    case "none":
      return p;
    case "platt":
      return applyPlatt(calibrator, p.map(logit));
    case "isotonic":
      return applyIsotonic(calibrator, p);
    default:
      return calibrator satisfies never;
  }
}

/**
 * Platt scaling: p = 1 / (1 + exp(a · score + b)), fitted to the smoothed targets (n₁ + 1) / (n₁ + 2) and 1 / (n₀ + 2)
 * (Platt 1999; Lin, Lin & Weng 2007). A score that says nothing (constant) gives a = 0 and the smoothed rate.
 */
export function fitPlatt(
  score: Float64Array,
  y: Uint8Array,
  { weights = null, lean = 0 }: CalibrationOptions = {},
): { a: number; b: number } {
  const [kept, churned] = classTotals(y, weights);
  const target = Float64Array.from(y, (label, i) => {
    const smoothed = label === 1 ? (churned + 1) / (churned + 2) : 1 / (kept + 2);
    return (smoothed + lean * sigmoid(score[i] ?? 0)) / (1 + lean);
  });
  const line = fitLogisticLine(score, target, weights ?? new Float64Array(y.length).fill(1));
  if (line !== null) return { a: -line.slope, b: -line.intercept };
  const rate = (churned * ((churned + 1) / (churned + 2)) + kept / (kept + 2)) / (churned + kept);
  return { a: 0, b: -logit(rate) };
}

export function applyPlatt({ a, b }: { readonly a: number; readonly b: number }, score: Float64Array): Float64Array {
  return score.map((s) => sigmoid(-(a * s + b)));
}
