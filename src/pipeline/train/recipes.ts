import { f1Of, fromConfusion } from "../../evaluate/confusion.js";
import type { Learner, Params } from "../../evaluate/learner.js";
import type { MeasuredName } from "../../evaluate/metrics.js";
import { averagePrecisionCounted } from "../../evaluate/ranking.js";
import type { Counted } from "../../evaluate/scored.js";
import { meanF1OverFolds, type ShuffledData } from "../../evaluate/shuffled.js";
import { REFERENCE_GRIDS } from "./reference-grids.js";

/** How a shuffled protocol chooses settings, and among models. */
export interface Recipe {
  /** What grid search tries. */
  gridOf(learner: Learner): readonly Params[];
  /** Whether the learner's defaults may be chosen where there is a grid. */
  readonly defaultsCount: boolean;
  readonly criterion: string;
  /** What is highest in the best setting, and in the best model. */
  readonly metric: MeasuredName;
  readonly shown: readonly MeasuredName[];
  /** Higher is better. */
  valueOf(data: ShuffledData, p: Float64Array): number;
  /** The same where rows count so many times: folds are then pooled. */
  counted(data: ShuffledData, p: Float64Array): Counted;
}

export const RECIPES = {
  /** The reference system's: its grids, the mean F1 over folds at a threshold of one half. */
  reference: {
    gridOf: (learner) => REFERENCE_GRIDS[learner.name] ?? learner.grid,
    defaultsCount: false,
    criterion: "highest mean F1 over the folds at a threshold of one half",
    metric: "f1",
    shown: ["f1", "averagePrecision", "rocAuc"],
    valueOf: (data, p) => meanF1OverFolds(data, p),
    counted: ({ y }, p) => fromConfusion(f1Of)({ y, p, threshold: 0.5 }),
  },
  table: {
    gridOf: (learner) => learner.grid,
    defaultsCount: true,
    criterion: "highest average precision of pooled out-of-fold predictions",
    metric: "averagePrecision",
    shown: ["averagePrecision", "rocAuc"],
    valueOf: ({ y }, p) => averagePrecisionCounted({ y, p })(new Float64Array(y.length).fill(1)),
    counted: ({ y }, p) => averagePrecisionCounted({ y, p }),
  },
} as const satisfies Record<string, Recipe>;

export type RecipeName = keyof typeof RECIPES;
