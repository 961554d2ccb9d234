import type { Instant } from "../base/time.js";
import type { World } from "../base/world.js";
import type { Horizon } from "../labels/label.js";
import { churnedUsers, type Dataset, rowsAt, takeDataset } from "./dataset.js";
import type { LabelledRows, Learner, Params } from "./learner.js";
import { forwardSplits } from "./splits.js";
import { usersOfShare } from "./user-share.js";

/** Churned users below which nothing is tuned or calibrated, and below which no model is fitted at all. */
export const CHURNED_TO_TUNE = 30;
export const CHURNED_TO_FIT = 10;

/** Out-of-fold rows of all inner folds, fold after fold. */
export interface InnerRows {
  readonly y: Uint8Array;
  readonly user: Int32Array;
  /** Different cutoffs that they were taken at. */
  readonly cutoffs: number;
}

interface Fold {
  readonly train: Dataset;
  readonly test: Dataset;
}

/** What may be looked at while a model is decided on: training rows, and forward splits inside them. */
export interface InnerProblem {
  readonly train: Dataset;
  readonly rows: InnerRows;
  /** Whether enough churned users are among the out-of-fold rows to tune and calibrate on. */
  readonly enough: boolean;
  /** Out-of-fold scores of a setting, in the order of `rows`, where its models learn from that share of the users. */
  outOfFold(learner: Learner, params: Params, share: number, world: World): Float64Array;
}

/** @returns null when fewer than ten churned users are in the training rows, or nobody else */
export function innerProblem(
  data: Dataset,
  { trainCutoffs, horizon }: { readonly trainCutoffs: readonly Instant[]; readonly horizon: Horizon },
): InnerProblem | null {
  const train = takeDataset(data, rowsAt(data, trainCutoffs));
  if (churnedUsers(train) < CHURNED_TO_FIT || churnedUsers(train) === new Set(train.user).size) return null;
  const folds = innerFolds(train, trainCutoffs, horizon);
  const rows = {
    y: Uint8Array.from(folds.flatMap((fold) => Array.from(fold.test.y))),
    user: Int32Array.from(folds.flatMap((fold) => Array.from(fold.test.user))),
    cutoffs: new Set(folds.flatMap((fold) => Array.from(fold.test.cutoffMs))).size,
  };
  const parts = new Map<number, readonly LabelledRows[]>();
  const partsOf = (share: number): readonly LabelledRows[] => {
    const known = parts.get(share) ?? folds.map((fold) => labelledRows(usersOfShare(fold.train, share)));
    parts.set(share, known);
    return known;
  };
  return {
    train,
    rows,
    enough: churnedUsers(rows) >= CHURNED_TO_TUNE,
    outOfFold: (learner, params, share, world) => {
      const scores = partsOf(share).map((part, fold) =>
        learner.fit(part, params, world).predict(folds[fold]?.test.x ?? part.x),
      );
      return Float64Array.from(scores.flatMap((part) => Array.from(part)));
    },
  };
}

function innerFolds(train: Dataset, trainCutoffs: readonly Instant[], horizon: Horizon): Fold[] {
  return forwardSplits(trainCutoffs, { blocks: 3, minTrainCutoffs: 1, horizon })
    .map((split) => ({
      train: takeDataset(train, rowsAt(train, split.train)),
      test: takeDataset(train, rowsAt(train, split.test)),
    }))
    .filter((fold) => churnedUsers(fold.train) >= CHURNED_TO_FIT);
}

export function labelledRows({ x, y, user, cutoffMs }: Dataset): LabelledRows {
  return { x, y, user, users: new Set(user).size, cutoffMs };
}
