import type { World } from "../base/world.js";
import { type Dataset, rowsAt, takeDataset } from "./dataset.js";
import type { ThresholdPolicy } from "./decision-costs.js";
import type { Learner } from "./learner.js";
import { type FitProcedure, type NestedFit, nestedFit, predictNested } from "./nested-fit.js";
import type { Search } from "./search/settings.js";
import type { ForwardSplit, ProtocolShape } from "./splits.js";

/** Predictions of the test blocks, each by a model that saw only what was settled before it. */
export interface ForwardRun {
  /** The test rows that were predicted, in the order of the blocks. */
  readonly rows: Dataset;
  readonly p: Float64Array;
  /** 1 where p reaches the block's own threshold. */
  readonly flagged: Uint8Array;
  /** 1 where the row's user was in no training row of its block. */
  readonly unseen: Uint8Array;
  readonly fits: readonly NestedFit[];
  /** The same by block. */
  readonly fitOf: ReadonlyMap<ForwardSplit, NestedFit>;
}

export interface ForwardPlan {
  readonly learner: Learner;
  readonly splits: readonly ForwardSplit[];
  readonly shape: ProtocolShape;
  readonly search: Search;
  /** Rounds after which a search is broken off; absent: none. */
  readonly roundsMax?: number;
  /** How thresholds are chosen; absent: by F1. */
  readonly policy?: ThresholdPolicy;
  /** Absent: `nestedFit`. */
  readonly fit?: FitProcedure;
}

/** Runs a learner through the test blocks. A block without enough churned users to learn from is left out. */
export function runForward(data: Dataset, plan: ForwardPlan, world: World): ForwardRun {
  const rows: number[] = [];
  const p: number[] = [];
  const flagged: number[] = [];
  const unseen: number[] = [];
  const fitOf = new Map<ForwardSplit, NestedFit>();
  const fitBlock = plan.fit ?? nestedFit;
  for (const split of plan.splits) {
    const fit = fitBlock(data, { ...plan, trainCutoffs: split.train, horizon: plan.shape.horizon }, world);
    if (fit === null) continue;
    fitOf.set(split, fit);
    const at = rowsAt(data, split.test);
    const known = new Set(Array.from(rowsAt(data, split.train), (row) => data.user[row] ?? -1));
    const predicted = predictNested(fit, takeDataset(data, at));
    for (let i = 0; i < at.length; i++) {
      const row = at[i] ?? 0;
      rows.push(row);
      p.push(predicted[i] ?? Number.NaN);
      flagged.push((predicted[i] ?? 0) >= fit.threshold.value ? 1 : 0);
      unseen.push(known.has(data.user[row] ?? -1) ? 0 : 1);
    }
  }
  return {
    rows: takeDataset(data, Int32Array.from(rows)),
    p: Float64Array.from(p),
    flagged: Uint8Array.from(flagged),
    unseen: Uint8Array.from(unseen),
    fits: [...fitOf.values()],
    fitOf,
  };
}
