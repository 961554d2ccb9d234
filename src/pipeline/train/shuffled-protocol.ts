import type { Matrix } from "../../base/matrix.js";
import { seededRng } from "../../base/rng.js";
import type { World } from "../../base/world.js";
import type { Fitted, Learner, Params } from "../../evaluate/learner.js";
import { plotData } from "../../evaluate/plot-data.js";
import { type ScoreCard, scoreCard } from "../../evaluate/score-card.js";
import { crossPredict, meanOverFolds, type ShuffledData, tuneOnFolds } from "../../evaluate/shuffled.js";
import { stratifiedFolds } from "../../evaluate/stratified-folds.js";
import type { CandidateDocument, PlotData } from "../../schema/documents.js";
import type { Search } from "./options.js";
import { pause } from "./pause.js";
import { REFERENCE_GRID } from "./reference-grid.js";

const FOLDS = 5;
export const REFERENCE_THRESHOLD = { value: 0.5, why: "one half, as the reference system" } as const;

export interface ShuffledResult {
  readonly learner: Learner;
  readonly params: Params;
  readonly candidate: CandidateDocument;
  readonly card: ScoreCard;
  readonly plots: PlotData;
  /** Fitted on all rows. */
  readonly fitted: Fitted;
}

/** Shuffled stratified 5-fold cross-validation with tuning on the same folds, one learner. `user` is whose a row is. */
export async function runShuffled(
  { x, y, user }: { x: Matrix; y: Uint8Array; user: Int32Array },
  { learner, search, seeds }: { learner: Learner; search: Search; seeds: number },
  world: World,
): Promise<ShuffledResult> {
  const rng = seededRng(world.seed);
  const data: ShuffledData = { x, y, foldOf: stratifiedFolds(y, FOLDS, rng.fork("folds")), folds: FOLDS };
  const grid = learner.name === "logistic" ? REFERENCE_GRID.map((params) => ({ ...params })) : learner.grid;
  const { params, p } =
    search === "none"
      ? { params: learner.defaults, p: crossPredict(data, learner, learner.defaults, world) }
      : await tuneOnFolds(data, { learner, grid, between: () => pause(world) }, world);
  const { value, why } = REFERENCE_THRESHOLD;
  const card = scoreCard(
    {
      y,
      p,
      flagged: Uint8Array.from(p, (score) => (score >= value ? 1 : 0)),
      user,
      cutoffMs: null,
    },
    rng.fork("intervals"),
  );
  return {
    learner,
    params,
    card,
    candidate: {
      model: learner.name,
      params,
      ...card,
      threshold: value,
      thresholdWhy: why,
      calibration: "none",
      ...(seeds === 0 ? {} : { stability: stabilityOf({ x, y }, { learner, params, seeds }, world) }),
    },
    plots: plotData({ y, p, cutoffMs: null }),
    fitted: learner.fit({ x, y, user, users: new Set(user).size }, params, world),
  };
}

/** One setting on shuffles that tuning has not seen: fold means of F1 and AUC, over `seeds` shuffles. */
function stabilityOf(
  { x, y }: { x: Matrix; y: Uint8Array },
  { learner, params, seeds }: { learner: Learner; params: Params; seeds: number },
  world: World,
) {
  const scored = Array.from({ length: seeds }, (_, i) => {
    const foldOf = stratifiedFolds(y, FOLDS, seededRng(world.seed).fork(`fresh-folds-${i}`));
    const data: ShuffledData = { x, y, foldOf, folds: FOLDS };
    const p = crossPredict(data, learner, params, world);
    return { f1: meanOverFolds(data, p, "f1"), rocAuc: meanOverFolds(data, p, "rocAuc") };
  });
  return { seeds, f1: spread(scored.map(({ f1 }) => f1)), rocAuc: spread(scored.map(({ rocAuc }) => rocAuc)) };
}

/** Mean and sample standard deviation. */
function spread(values: readonly number[]): { mean: number; sd: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1)) };
}

/** AUC of one setting in shuffled folds: what a placebo draw scores. */
export function shuffledScores(
  { x, y }: { x: Matrix; y: Uint8Array },
  { learner, params }: { learner: Learner; params: Params },
  world: World,
): Float64Array {
  const data: ShuffledData = {
    x,
    y,
    foldOf: stratifiedFolds(y, FOLDS, seededRng(world.seed).fork("folds")),
    folds: FOLDS,
  };
  return crossPredict(data, learner, params, world);
}
