import { logit } from "../base/math/sigmoid.js";
import { seededRng } from "../base/rng.js";
import type { Instant } from "../base/time.js";
import type { World } from "../base/world.js";
import type { Horizon } from "../labels/label.js";
import { applyCalibrator, applyPlatt, type Calibrator, fitCalibrator } from "./calibration.js";
import { churnedUsers, type Dataset } from "./dataset.js";
import { payingProbability, type ThresholdPolicy } from "./decision-costs.js";
import { capacityThreshold } from "./decisions.js";
import { type InnerProblem, type InnerRows, innerProblem, labelledRows } from "./inner-problem.js";
import type { Fitted, Learner, Params } from "./learner.js";
import { logLosses } from "./losses.js";
import { once } from "./scored.js";
import { type Search, settingsOf } from "./search/settings.js";
import { type SearchOutcome, type SearchProblem, searchNow, type Tried } from "./search/steps.js";
import { switchRule } from "./setting-rule.js";
import { shiftsTheRate } from "./shifted-rate.js";
import { bestThreshold } from "./thresholds.js";

/** Churned users' worth of trust that scores are calibrated already. */
const CHURNED_FOR_AS_IS = 50;

/** Bounds and steps of the search for a level, in log-odds. */
const LEVEL_MAX = 40;
const HALVINGS = 50;

/** A model with what was decided about it without a look at any later row. */
export interface NestedFit {
  readonly params: Params;
  readonly tuned: boolean;
  readonly fitted: Fitted;
  readonly calibrator: Calibrator;
  readonly threshold: { readonly value: number; readonly why: string };
  /** Share of churned among the training rows. */
  readonly baseRate: number;
  /** Out-of-fold: what was tried, and the scores of what was chosen; null where churned users were too few. */
  readonly inner?: { readonly outcome: SearchOutcome; readonly rows: InnerRows; readonly scores: Float64Array } | null;
}

export interface NestedPlan {
  readonly learner: Learner;
  readonly trainCutoffs: readonly Instant[];
  readonly horizon: Horizon;
  readonly search: Search;
  /** Rounds after which the search is broken off; absent: none. */
  readonly roundsMax?: number;
  /** How the threshold is chosen; absent: by F1. */
  readonly policy?: ThresholdPolicy;
}

/** Decides everything about a model from the rows at the plan's training cutoffs; `data` holds others too. Null: too few churned. */
export type FitProcedure = (data: Dataset, plan: NestedPlan, world: World) => NestedFit | null;

/** Rounds of the search that a null draw of the audits repeats: it is run for each of them. */
export const ROUNDS_OF_A_DRAW: Readonly<Record<Search, number>> = { none: 0, grid: 1, random: 1, halving: 3 };

/**
 * Fits on the training cutoffs. Hyperparameters, calibration and threshold come from pooled out-of-fold predictions of
 * forward splits inside them; with too few churned users there, from defaults that say so.
 *
 * @returns null when fewer than ten churned users are in the training rows
 */
export function nestedFit(data: Dataset, plan: NestedPlan, world: World): NestedFit | null {
  const problem = innerProblem(data, plan);
  if (problem === null) return null;
  const { learner, search, roundsMax } = plan;
  const tuning = tuningOf(problem, { learner, search }, world);
  const outcome =
    tuning &&
    searchNow(
      tuning,
      ({ setting, share }) => problem.outOfFold(learner, tuning.settings[setting] ?? learner.defaults, share, world),
      roundsMax,
    );
  return decide(problem, plan, outcome, world);
}

/** What is to be searched; null where there are too few churned users to learn anything from a search. */
export function tuningOf(
  { rows, enough }: InnerProblem,
  { learner, search }: { readonly learner: Learner; readonly search: Search },
  world: World,
): SearchProblem | null {
  if (!enough) return null;
  return {
    search,
    settings: settingsOf(learner, search, seededRng(world.seed)),
    loss: (scores) => meanOf(calibratedLosses(scores, rows)),
  };
}

/** The model that a finished search comes to. */
export function decide(
  { train, rows }: InnerProblem,
  { learner, search, policy }: Pick<NestedPlan, "learner" | "search" | "policy">,
  outcome: SearchOutcome | null,
  world: World,
): NestedFit {
  const baseRate = meanOf(train.y);
  const best = outcome && chosenOf(outcome, rows);
  const params = best?.params ?? learner.defaults;
  const fitted = learner.fit(labelledRows(train), params, world);
  const scores = best?.scores ?? null;
  const shifted = shiftsTheRate(learner, params);
  const calibrator: Calibrator =
    scores === null
      ? uncalibrated(fitted, { train, baseRate, shifted })
      : levelled(calibratorOf(scores, rows), fitted.predict(train.x), baseRate);
  return {
    params,
    tuned: search !== "none" && outcome !== null,
    fitted,
    calibrator,
    baseRate,
    threshold: thresholdOf(scores && applyCalibrator(calibrator, scores), rows, { policy, baseRate }),
    inner: outcome && { outcome, rows, scores: scores ?? new Float64Array(0) },
  };
}

function chosenOf({ tried }: SearchOutcome, rows: InnerRows): Tried | null {
  if (tried.length === 0) return null;
  const losses = tried.map(({ scores }) => calibratedLosses(scores, rows));
  return tried[switchRule(losses, rows)(once(rows.y.length))] ?? null;
}

/** Calibrated P(churn). */
export function predictNested(fit: NestedFit, rows: Dataset): Float64Array {
  return applyCalibrator(fit.calibrator, fit.fitted.predict(rows.x));
}

/**
 * Platt scaling that leans towards leaving the scores as they are, as if so many more churned users had been right about them:
 * the folds' models learned from fewer cutoffs than the one that is calibrated, and are wilder than it.
 */
function calibratorOf(scores: Float64Array, rows: InnerRows): Calibrator {
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
  return { kind: "platt", a, b: (b + levelOf(a, p.map(logit), baseRate)) / 2 };
}

/**
 * Where there are too few out-of-fold rows to calibrate on: scores as they are, but those of a model that saw churn at another rate
 * moved, in log-odds, to the level at which the training rows (none of them synthetic or weighted) have the mean that they should.
 */
function uncalibrated(
  { predict }: Fitted,
  { train, baseRate, shifted }: { readonly train: Dataset; readonly baseRate: number; readonly shifted: boolean },
): Calibrator {
  if (!shifted) return { kind: "none" };
  return { kind: "platt", a: -1, b: levelOf(-1, predict(train.x).map(logit), baseRate) };
}

/** The b at which a Platt line of slope a has that mean. */
function levelOf(a: number, score: Float64Array, baseRate: number): number {
  let [low, high] = [-LEVEL_MAX, LEVEL_MAX];
  for (let step = 0; step < HALVINGS; step++) {
    const middle = (low + high) / 2;
    // A larger b is a lower probability.
    if (meanOf(applyPlatt({ a, b: middle }, score)) < baseRate) high = middle;
    else low = middle;
  }
  return low;
}

/** Log losses of the scores as they will be used: calibrated. */
export function calibratedLosses(scores: Float64Array, rows: InnerRows): Float64Array {
  return logLosses({ y: rows.y, p: applyCalibrator(calibratorOf(scores, rows), scores) });
}

/** @param p calibrated, out of fold; null where churned users were too few */
function thresholdOf(
  p: Float64Array | null,
  { y, cutoffs }: InnerRows,
  { policy = { kind: "f1" }, baseRate }: { readonly policy?: ThresholdPolicy | undefined; readonly baseRate: number },
): NestedFit["threshold"] {
  if (policy.kind === "cost") return { value: payingProbability(policy.costs), why: "from where a contact pays" };
  if (p === null) {
    return { value: 2 * baseRate, why: "twice the training base rate: too few out-of-fold churned users to choose it" };
  }
  const { threshold, why } =
    policy.kind === "f1" ? bestThreshold(y, p) : capacityThreshold(p, policy.contacts, cutoffs);
  return { value: threshold, why: `on forward out-of-fold predictions: ${why}` };
}

function meanOf(values: Uint8Array | Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
