import type { World } from "../base/world.js";
import { logistic } from "../models/logistic.js";
import { type Dataset, withFeatures } from "./dataset.js";
import { type ForwardRun, runForward } from "./forward.js";
import { type Learner, learnerOf } from "./learner.js";
import type { ForwardSplit, ProtocolShape } from "./splits.js";

/** Says the same of everyone. */
function constant(name: string, probability: number): Learner {
  return {
    name,
    grid: [{}],
    defaults: {},
    fit: () => ({ state: { probability }, predict: (x) => new Float64Array(x.rows).fill(probability) }),
  };
}

/** What a model must beat to be worth its keep, run through the same splits. */
export function runRivals(
  data: Dataset,
  { splits, shape }: { splits: readonly ForwardSplit[]; shape: ProtocolShape },
  world: World,
): Record<string, ForwardRun> {
  const run = (learner: Learner, rows: Dataset) => runForward(rows, { learner, splits, shape, search: "none" }, world);
  const alone = (feature: string) => run(learnerOf(logistic), withFeatures(data, [feature]));
  return {
    everyone: uncalibrated(run(constant("everyone", 1), data), 1),
    nobody: uncalibrated(run(constant("nobody", 0), data), 0),
    recency: alone("days_since_last_event"),
    tenure: alone("days_since_first_event"),
  };
}

/** A constant has no scale to calibrate: everyone churns, or nobody does. */
function uncalibrated(run: ForwardRun, value: 0 | 1): ForwardRun {
  return { ...run, p: run.p.map(() => value), flagged: run.flagged.map(() => value) };
}
