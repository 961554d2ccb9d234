import type { Matrix } from "../../base/matrix.js";
import { seededRng } from "../../base/rng.js";
import type { World } from "../../base/world.js";
import { applyCalibrator, type Calibrator, fitCalibrator } from "../../evaluate/calibration.js";
import type { Fitted, Learner, Params } from "../../evaluate/learner.js";
import { plotData } from "../../evaluate/plot-data.js";
import { type ScoreCard, scoreCard } from "../../evaluate/score-card.js";
import { shiftsTheRate } from "../../evaluate/shifted-rate.js";
import { crossPredict, foldsOf, type ShuffledData } from "../../evaluate/shuffled.js";
import { stratifiedFolds } from "../../evaluate/stratified-folds.js";
import { bestThreshold } from "../../evaluate/thresholds.js";
import type { CandidateDocument, PlotData } from "../../schema/documents.js";
import { untilOf } from "./budget.js";
import { type LearnerSpec, learnerFor } from "./learners.js";
import type { CandidateOptions } from "./options.js";
import { RECIPES, type RecipeName } from "./recipes.js";
import { searchShuffled } from "./search/search-shuffled.js";
import { stabilityOverShuffles } from "./stability.js";

/** Folds of the shuffled protocols, as in the reference system. */
export const FOLDS = 5;
/** Shuffles of the reference system's stability check. */
const SEEDS = 5;
const REFERENCE_THRESHOLD = { value: 0.5, why: "one half, as the reference system" } as const;

export interface ShuffledResult {
  readonly learner: Learner;
  readonly params: Params;
  readonly candidate: CandidateDocument;
  readonly card: ScoreCard;
  readonly plots: PlotData;
  readonly calibrator: Calibrator;
  readonly threshold: { readonly value: number; readonly why: string };
  /** Fitted on all rows. */
  readonly fitted: Fitted;
}

export interface ShuffledTable {
  readonly x: Matrix;
  readonly y: Uint8Array;
  /** Whose a row is. */
  readonly user: Int32Array;
}

/** Every candidate; fails with VALUE_BAD for a name that is no model. */
export async function runCandidates(
  table: ShuffledTable,
  { recipe, ...options }: CandidateOptions & { readonly recipe: RecipeName },
  world: World,
): Promise<{ readonly results: readonly ShuffledResult[]; readonly best: ShuffledResult }> {
  const { models, resample = "none" } = options;
  const specs = models.map((name): LearnerSpec => ({ name, features: null, resample }));
  const learners = specs.map((spec) => ({ spec, learner: learnerFor(spec) }));
  const results: ShuffledResult[] = [];
  for (const own of learners) {
    const untilMs = untilOf(options, world);
    world.log.info(`Training ${own.spec.name} on ${table.x.rows} rows × ${table.x.cols} features (shuffled folds)`);
    results.push(await runShuffled(table, { ...options, ...own, recipe, untilMs }, world));
  }
  const { metric } = RECIPES[recipe];
  const best = results.reduce((a, b) => ((b.card.metrics[metric] ?? 0) > (a.card.metrics[metric] ?? 0) ? b : a));
  return { results, best };
}

/** Shuffled stratified 5-fold cross-validation with tuning on the same folds, one learner. */
async function runShuffled(
  { x, y, user }: ShuffledTable,
  options: CandidateOptions & {
    readonly spec: LearnerSpec;
    readonly learner: Learner;
    readonly recipe: RecipeName;
    readonly untilMs: number | null;
  },
  world: World,
): Promise<ShuffledResult> {
  const rng = seededRng(world.seed);
  const { learner, seeds: wanted } = options;
  const seeds = wanted ?? (options.recipe === "reference" ? SEEDS : 0);
  const data: ShuffledData = { x, y, foldOf: stratifiedFolds(y, FOLDS, rng.fork("folds")), folds: FOLDS };
  const recipe = RECIPES[options.recipe];
  const { params, p: raw, selection } = await searchShuffled({ data, user }, { ...options, recipe }, world);
  const calibrator = calibratorOf(raw, y, { learner, params, recipe: options.recipe });
  const p = applyCalibrator(calibrator, raw);
  const threshold = thresholdOf(p, y, calibrator);
  const flagged = Uint8Array.from(p, (score) => (score >= threshold.value ? 1 : 0));
  const card = scoreCard({ y, p, flagged, user, cutoffMs: null }, rng.fork("intervals"));
  const stability =
    seeds === 0
      ? {}
      : { stability: await stabilityOverShuffles({ x, y, folds: FOLDS }, { learner, params, seeds }, world) };
  return {
    learner,
    params,
    card,
    calibrator,
    threshold,
    candidate: {
      model: learner.name,
      params,
      ...card,
      threshold: threshold.value,
      thresholdWhy: threshold.why,
      calibration: calibrator.kind,
      selection,
      ...stability,
    },
    plots: plotData({ y, p, cutoffMs: null }),
    fitted: learner.fit({ x, y, user, users: new Set(user).size }, params, world),
  };
}

/**
 * Scores of a learner that was made to see churn more often than there is are brought back to how often there is, by Platt scaling
 * on the out-of-fold rows, none of them synthetic or weighted. The reference leaves them as they are.
 */
function calibratorOf(
  p: Float64Array,
  y: Uint8Array,
  { learner, params, recipe }: { readonly learner: Learner; readonly params: Params; readonly recipe: RecipeName },
): Calibrator {
  const shifted = shiftsTheRate(learner, params);
  return fitCalibrator(p, y, shifted && recipe !== "reference" ? "platt" : "none");
}

function thresholdOf(p: Float64Array, y: Uint8Array, { kind }: Calibrator): ShuffledResult["threshold"] {
  if (kind === "none") return REFERENCE_THRESHOLD;
  const { threshold, why } = bestThreshold(y, p);
  return { value: threshold, why: `on out-of-fold predictions: ${why}` };
}

/** Out-of-fold scores of one setting in shuffled folds: what a placebo draw is judged by. */
export function shuffledScores(
  { x, y }: { readonly x: Matrix; readonly y: Uint8Array },
  recipe: { readonly learner: Learner; readonly params: Params },
  world: World,
): Float64Array {
  const foldOf = stratifiedFolds(y, FOLDS, seededRng(world.seed).fork("folds"));
  return crossPredict(foldsOf({ x, y, foldOf, folds: FOLDS })(1), recipe, world);
}
