import type { Instant } from "../../../base/time.js";
import type { World } from "../../../base/world.js";
import type { Dataset } from "../../../evaluate/dataset.js";
import { fittedOnce, sizeOf } from "../../../evaluate/fitted-once.js";
import { type InnerProblem, innerProblem } from "../../../evaluate/inner-problem.js";
import type { Learner, Params } from "../../../evaluate/learner.js";
import { crossPredict, foldsOf, type ShuffledData } from "../../../evaluate/shuffled.js";
import type { Horizon } from "../../../labels/label.js";

/** What a search works on: plain data, so that it can cross to a thread. */
export type SearchWork =
  | {
      readonly kind: "forward";
      readonly data: Dataset;
      /** The training cutoffs of each model that is wanted: a search each. */
      readonly plans: readonly (readonly Instant[])[];
      readonly horizon: Horizon;
    }
  | { readonly kind: "shuffled"; readonly data: ShuffledData };

/** Trials of one of the searches, of settings that one fit may answer. */
export interface TrialTask {
  readonly search: number;
  readonly settings: readonly Params[];
  readonly share: number;
}

/** Out-of-fold scores of each setting. */
export type Evaluate = (task: TrialTask) => Float64Array[];

/** Evaluates trials here; what they share is made once. */
export function evaluatorOf(work: SearchWork, learner: Learner, world: World): Evaluate {
  const frugal = fittedOnce(learner);
  const scoresOf = scorerOf(work, frugal, world);
  return ({ settings, ...task }) => {
    const largestFirst = [...settings.entries()].sort(([, a], [, b]) => sizeOf(frugal, b) - sizeOf(frugal, a));
    const scores: Float64Array[] = [];
    for (const [at, params] of largestFirst) scores[at] = scoresOf(params, task);
    return scores;
  };
}

type Scorer = (params: Params, task: { readonly search: number; readonly share: number }) => Float64Array;

function scorerOf(work: SearchWork, learner: Learner, world: World): Scorer {
  if (work.kind === "shuffled") {
    const folds = foldsOf(work.data);
    return (params, { share }) => crossPredict(folds(share), { learner, params }, world);
  }
  const { data, plans, horizon } = work;
  const problems = new Map<number, InnerProblem | null>();
  const problemOf = (search: number): InnerProblem | null => {
    if (!problems.has(search)) {
      problems.set(search, innerProblem(data, { trainCutoffs: plans[search] ?? [], horizon }));
    }
    return problems.get(search) ?? null;
  };
  return (params, { search, share }) =>
    problemOf(search)?.outOfFold(learner, params, share, world) ?? new Float64Array(0);
}
