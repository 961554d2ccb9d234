import { sigmoid } from "../base/math/sigmoid.js";
import type { Matrix } from "../base/matrix.js";
import { type EnsembleState, ensembleProbability } from "./ensemble.js";
import { type LogisticState, logisticMargin } from "./logistic.js";
import { type SequenceState, sequenceMargin } from "./sequence/sequence.js";
import type { TreesState } from "./trees/tree.js";
import { treesProbability } from "./trees/walk.js";

/** What fitting can leave behind: plain data, told apart by `kind`. */
export type ModelState = LogisticState | TreesState | SequenceState | EnsembleState;

/** P(churn) before calibration, one a row. */
export function probabilityOf(state: ModelState, x: Matrix): Float64Array {
  switch (state.kind) {
    case "logistic":
      return logisticMargin(state, x).map(sigmoid);
    case "boosting":
    case "xgboost":
    case "forest":
      return treesProbability(state, x);
    case "ensemble":
      return ensembleProbability(state, x);
    case "sequence":
      return sequenceMargin(state, x).map(sigmoid);
    default:
      return state satisfies never;
  }
}

/** The linear model in it, which alone may have learned kinds of users; null where there is none. */
export function linearPartOf(state: ModelState): LogisticState | null {
  if (state.kind === "logistic") return state;
  if (state.kind !== "ensemble") return null;
  return state.members.map((member) => member.state).find((own) => own.kind === "logistic") ?? null;
}
