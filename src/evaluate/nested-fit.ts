import type { Instant } from "../base/time.js";
import type { World } from "../base/world.js";
import type { Horizon } from "../labels/label.js";
import { applyCalibrator, type Calibrator, fitCalibrator } from "./calibration.js";
import { churnedUsers, type Dataset, rowsAt, takeDataset } from "./dataset.js";
import type { Fitted, Learner, Params } from "./learner.js";
import { measure } from "./metrics.js";
import { forwardSplits } from "./splits.js";
import { bestThreshold } from "./thresholds.js";

/** Churned users below which nothing is tuned or calibrated, and below which no model is fitted at all. */
export const CHURNED_TO_TUNE = 30;
export const CHURNED_TO_FIT = 10;

/** A model with what was decided about it without a look at any later row. */
export interface NestedFit {
  readonly params: Params;
  readonly tuned: boolean;
  readonly fitted: Fitted;
  readonly calibrator: Calibrator;
  readonly threshold: { readonly value: number; readonly why: string };
  /** Share of churned among the training rows. */
  readonly baseRate: number;
}

export interface NestedPlan {
  readonly learner: Learner;
  readonly trainCutoffs: readonly Instant[];
  readonly horizon: Horizon;
  /** "none" keeps the learner's defaults. */
  readonly search: "grid" | "none";
}

/**
 * Fits on the training cutoffs. Hyperparameters, calibration and threshold come from pooled out-of-fold predictions of
 * forward splits inside them; with too few churned users there, from defaults that say so.
 *
 * @returns null when fewer than ten churned users are in the training rows
 */
export function nestedFit(data: Dataset, plan: NestedPlan, world: World): NestedFit | null {
  const train = takeDataset(data, rowsAt(data, plan.trainCutoffs));
  if (churnedUsers(train) < CHURNED_TO_FIT || churnedUsers(train) === distinct(train.user)) return null;
  const baseRate = mean(train.y);
  const folds = innerFolds(train, plan);
  const inner = pooledRows(folds);
  const enough = churnedUsers(inner) >= CHURNED_TO_TUNE;
  const tuned = enough && plan.search === "grid";
  const { params, scores } = tuned
    ? bestOfGrid(folds, plan.learner, world)
    : {
        params: plan.learner.defaults,
        scores: enough ? outOfFold(folds, plan.learner, plan.learner.defaults, world) : null,
      };
  const fitted = plan.learner.fit(train.x, train.y, params, world);
  const calibrator: Calibrator = scores === null ? { kind: "none" } : fitCalibrator(scores, inner.y, "platt");
  return { params, tuned, fitted, calibrator, baseRate, threshold: thresholdOf(scores, inner.y, calibrator, baseRate) };
}

/** Calibrated P(churn). */
export function predictNested(fit: NestedFit, rows: Dataset): Float64Array {
  return applyCalibrator(fit.calibrator, fit.fitted.predict(rows.x));
}

interface Fold {
  readonly train: Dataset;
  readonly test: Dataset;
}

function innerFolds(train: Dataset, { trainCutoffs, horizon }: NestedPlan): Fold[] {
  return forwardSplits(trainCutoffs, { blocks: 3, minTrainCutoffs: 1, horizon })
    .map((split) => ({
      train: takeDataset(train, rowsAt(train, split.train)),
      test: takeDataset(train, rowsAt(train, split.test)),
    }))
    .filter((fold) => churnedUsers(fold.train) >= CHURNED_TO_FIT);
}

function pooledRows(folds: readonly Fold[]): { y: Uint8Array; user: Int32Array } {
  return {
    y: Uint8Array.from(folds.flatMap((fold) => Array.from(fold.test.y))),
    user: Int32Array.from(folds.flatMap((fold) => Array.from(fold.test.user))),
  };
}

function outOfFold(folds: readonly Fold[], learner: Learner, params: Params, world: World): Float64Array {
  const parts = folds.map((fold) => learner.fit(fold.train.x, fold.train.y, params, world).predict(fold.test.x));
  return Float64Array.from(parts.flatMap((part) => Array.from(part)));
}

/**
 * The first of the grid with the lowest pooled log loss. A proper score of every row, it chooses more steadily than average
 * precision where churned users are few.
 */
function bestOfGrid(folds: readonly Fold[], learner: Learner, world: World): { params: Params; scores: Float64Array } {
  const { y } = pooledRows(folds);
  let best = { params: learner.defaults, scores: new Float64Array(0) as Float64Array, value: Number.POSITIVE_INFINITY };
  for (const params of learner.grid) {
    const scores = outOfFold(folds, learner, params, world);
    const value = measure("logLoss", { y, p: scores });
    if (value < best.value) best = { params, scores, value };
  }
  return best;
}

function thresholdOf(
  scores: Float64Array | null,
  y: Uint8Array,
  calibrator: Calibrator,
  baseRate: number,
): NestedFit["threshold"] {
  if (scores === null) {
    return { value: 2 * baseRate, why: "twice the training base rate: too few out-of-fold churned users to choose it" };
  }
  const { threshold, why } = bestThreshold(y, applyCalibrator(calibrator, scores));
  return { value: threshold, why: `on forward out-of-fold predictions: ${why}` };
}

function mean(y: Uint8Array): number {
  let sum = 0;
  for (const value of y) sum += value;
  return sum / y.length;
}

function distinct(values: Int32Array): number {
  return new Set(values).size;
}
