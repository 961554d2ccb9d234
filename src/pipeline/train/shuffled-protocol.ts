import type { Matrix } from "../../base/matrix.js";
import { seededRng } from "../../base/rng.js";
import type { World } from "../../base/world.js";
import type { Fitted, Learner, Params } from "../../evaluate/learner.js";
import { plotData } from "../../evaluate/plot-data.js";
import { type ScoreCard, scoreCard } from "../../evaluate/score-card.js";
import { crossPredict, type ShuffledData, tuneOnFolds } from "../../evaluate/shuffled.js";
import { stratifiedFolds } from "../../evaluate/stratified-folds.js";
import type { CandidateDocument, PlotData } from "../../schema/documents.js";
import type { Search } from "./options.js";
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

/** Shuffled stratified 5-fold cross-validation with tuning on the same folds, one learner. */
export function runShuffled(
  { x, y }: { x: Matrix; y: Uint8Array },
  { learner, search }: { learner: Learner; search: Search },
  world: World,
): ShuffledResult {
  const rng = seededRng(world.seed);
  const data: ShuffledData = { x, y, foldOf: stratifiedFolds(y, FOLDS, rng.fork("folds")), folds: FOLDS };
  const grid = learner.name === "logistic" ? REFERENCE_GRID.map((params) => ({ ...params })) : learner.grid;
  const { params, p } =
    search === "none"
      ? { params: learner.defaults, p: crossPredict(data, learner, learner.defaults, world) }
      : tuneOnFolds(data, learner, grid, world);
  const { value, why } = REFERENCE_THRESHOLD;
  const card = scoreCard(
    {
      y,
      p,
      flagged: Uint8Array.from(p, (score) => (score >= value ? 1 : 0)),
      user: Int32Array.from(y.keys()),
      cutoffMs: null,
    },
    rng.fork("intervals"),
  );
  return {
    learner,
    params,
    card,
    candidate: { model: learner.name, params, ...card, threshold: value, thresholdWhy: why, calibration: "none" },
    plots: plotData({ y, p, cutoffMs: null }),
    fitted: learner.fit(x, y, params, world),
  };
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
