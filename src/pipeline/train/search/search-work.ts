import type { Instant } from "../../../base/time.js";
import type { World } from "../../../base/world.js";
import type { Dataset } from "../../../evaluate/dataset.js";
import { type InnerProblem, innerProblem } from "../../../evaluate/inner-problem.js";
import type { Learner, Params } from "../../../evaluate/learner.js";
import { crossPredict, type ShuffledData } from "../../../evaluate/shuffled.js";
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

/** One trial of one of the searches. */
export interface TrialTask {
  readonly search: number;
  readonly params: Params;
  readonly share: number;
}

export type Evaluate = (task: TrialTask) => Float64Array;

/** Evaluates trials here; what they share is made once. */
export function evaluatorOf(work: SearchWork, learner: Learner, world: World): Evaluate {
  if (work.kind === "shuffled") {
    return ({ params, share }) => crossPredict(work.data, { learner, params, share }, world);
  }
  const { data, plans, horizon } = work;
  const problems = new Map<number, InnerProblem | null>();
  const problemOf = (search: number): InnerProblem | null => {
    if (!problems.has(search)) {
      problems.set(search, innerProblem(data, { trainCutoffs: plans[search] ?? [], horizon }));
    }
    return problems.get(search) ?? null;
  };
  return ({ search, params, share }) =>
    problemOf(search)?.outOfFold(learner, params, share, world) ?? new Float64Array(0);
}
