import type { Params } from "../../evaluate/learner.js";
import type { LogisticParams } from "../../models/logistic.js";

const CLASS_WEIGHTS: readonly LogisticParams["classWeight"][] = ["balanced", [1, 2], [1, 3]];
const STRENGTHS = [0.1, 0.5, 1, 5, 10, 50, 100];
const KEPT = [20, 25, 30, 35];

/** 168 settings. */
const LOGISTIC: readonly LogisticParams[] = KEPT.flatMap((selectK) =>
  STRENGTHS.flatMap((C) =>
    (["l1", "l2"] as const).flatMap((penalty) =>
      CLASS_WEIGHTS.map((classWeight) => ({ penalty, C, classWeight, selectK })),
    ),
  ),
);

/** The reference system's settings of each of its models, in its order. */
export const REFERENCE_GRIDS: Readonly<Record<string, readonly Params[]>> = {
  logistic: LOGISTIC.map((params) => ({ ...params })),
};
