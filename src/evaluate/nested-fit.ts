import { logit } from "../base/math/sigmoid.js";
import type { Instant } from "../base/time.js";
import type { World } from "../base/world.js";
import type { Horizon } from "../labels/label.js";
import { applyCalibrator, applyPlatt, type Calibrator, fitCalibrator } from "./calibration.js";
import { churnedUsers, type Dataset, rowsAt, takeDataset } from "./dataset.js";
import type { Fitted, LabelledRows, Learner, Params } from "./learner.js";
import { logLosses } from "./losses.js";
import { forwardSplits } from "./splits.js";
import { bestThreshold } from "./thresholds.js";

/** Churned users below which nothing is tuned or calibrated, and below which no model is fitted at all. */
export const CHURNED_TO_TUNE = 30;
export const CHURNED_TO_FIT = 10;

/** Churned users' worth of trust that scores are calibrated already. */
const CHURNED_FOR_AS_IS = 50;

/** Bounds and steps of the search for a level, in log-odds. */
const LEVEL_SHIFT_MAX = 8;
const HALVINGS = 40;

/** Standard errors by which a setting must beat the defaults to replace them. */
const SWITCH_ERRORS = 2;

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

/** Decides everything about a model from the rows at the plan's training cutoffs; `data` holds others too. Null: too few churned. */
export type FitProcedure = (data: Dataset, plan: NestedPlan, world: World) => NestedFit | null;

/**
 * Fits on the training cutoffs. Hyperparameters, calibration and threshold come from pooled out-of-fold predictions of
 * forward splits inside them; with too few churned users there, from defaults that say so.
 *
 * @returns null when fewer than ten churned users are in the training rows
 */
export function nestedFit(data: Dataset, plan: NestedPlan, world: World): NestedFit | null {
  const train = takeDataset(data, rowsAt(data, plan.trainCutoffs));
  if (churnedUsers(train) < CHURNED_TO_FIT || churnedUsers(train) === distinct(train.user)) return null;
  const baseRate = meanOf(train.y);
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
  const fitted = plan.learner.fit(labelled(train), params, world);
  const calibrator: Calibrator =
    scores === null ? { kind: "none" } : levelled(calibratorOf(scores, inner), fitted.predict(train.x), baseRate);
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

interface Outcomes {
  readonly y: Uint8Array;
  readonly user: Int32Array;
}

function pooledRows(folds: readonly Fold[]): Outcomes {
  return {
    y: Uint8Array.from(folds.flatMap((fold) => Array.from(fold.test.y))),
    user: Int32Array.from(folds.flatMap((fold) => Array.from(fold.test.user))),
  };
}

function outOfFold(folds: readonly Fold[], learner: Learner, params: Params, world: World): Float64Array {
  const parts = folds.map((fold) => learner.fit(labelled(fold.train), params, world).predict(fold.test.x));
  return Float64Array.from(parts.flatMap((part) => Array.from(part)));
}

function labelled({ x, y, user, cutoffMs }: Dataset): LabelledRows {
  return { x, y, user, users: distinct(user), cutoffMs };
}

/**
 * The setting with the lowest pooled log loss, if it beats the defaults by more than two standard errors over users, else the
 * defaults (after the one-standard-error rule of Breiman et al. 1984). Log loss is a proper score of every row: where churned users
 * are few it chooses more steadily than average precision.
 */
function bestOfGrid(folds: readonly Fold[], learner: Learner, world: World): { params: Params; scores: Float64Array } {
  const rows = pooledRows(folds);
  const usual = { params: learner.defaults, scores: outOfFold(folds, learner, learner.defaults, world) };
  const usualLoss = calibratedLosses(usual.scores, rows);
  let best = { ...usual, gain: 0 };
  for (const params of learner.grid) {
    const scores = outOfFold(folds, learner, params, world);
    const losses = calibratedLosses(scores, rows);
    const { mean: gain, error } = meanOverUsers(
      usualLoss.map((loss, row) => loss - (losses[row] ?? 0)),
      rows.user,
    );
    if (gain > SWITCH_ERRORS * error && gain > best.gain) best = { params, scores, gain };
  }
  return best;
}

/**
 * Platt scaling that leans towards leaving the scores as they are, as if so many more churned users had been right about them:
 * the folds' models learned from fewer cutoffs than the one that is calibrated, and are wilder than it.
 */
function calibratorOf(scores: Float64Array, rows: Outcomes): Calibrator {
  const options = { lean: CHURNED_FOR_AS_IS / churnedUsers(rows) };
  return fitCalibrator(scores, rows.y, "platt", options);
}

/**
 * Moves a Platt line half the way to the level at which the model's own training rows have the mean probability that they should.
 * How much too high the folds' models were says how rates moved after them; the model that is calibrated has learned from more of that
 * movement, so taken whole it would be counted twice.
 */
function levelled(calibrator: Calibrator, p: Float64Array, baseRate: number): Calibrator {
  if (calibrator.kind !== "platt") return calibrator;
  const { a, b } = calibrator;
  const score = p.map(logit);
  let [low, high] = [b - LEVEL_SHIFT_MAX, b + LEVEL_SHIFT_MAX];
  for (let step = 0; step < HALVINGS; step++) {
    const middle = (low + high) / 2;
    // A larger b is a lower probability.
    if (meanOf(applyPlatt({ a, b: middle }, score)) < baseRate) high = middle;
    else low = middle;
  }
  return { kind: "platt", a, b: (b + low) / 2 };
}

/** Log losses of the scores as they will be used: calibrated. */
function calibratedLosses(scores: Float64Array, rows: Outcomes): Float64Array {
  return logLosses({ y: rows.y, p: applyCalibrator(calibratorOf(scores, rows), scores) });
}

/** Mean of a value a row, and its standard error where the rows of a user stand and fall together. */
function meanOverUsers(values: Float64Array, user: Int32Array): { mean: number; error: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const offs = new Map<number, number>();
  values.forEach((value, row) => {
    const id = user[row] ?? -1;
    offs.set(id, (offs.get(id) ?? 0) + value - mean);
  });
  const squares = [...offs.values()].reduce((sum, off) => sum + off * off, 0);
  return { mean, error: Math.sqrt(squares) / values.length };
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

function meanOf(values: Uint8Array | Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function distinct(values: Int32Array): number {
  return new Set(values).size;
}
