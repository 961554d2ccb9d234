import type { Instant } from "../../../base/time.js";
import type { World } from "../../../base/world.js";
import type { ThresholdPolicy } from "../../../evaluate/decision-costs.js";
import { innerProblem } from "../../../evaluate/inner-problem.js";
import type { Learner } from "../../../evaluate/learner.js";
import { decide, type FitProcedure, type NestedFit, nestedFit, tuningOf } from "../../../evaluate/nested-fit.js";
import { sha256 } from "../../../registry/model-file.js";
import { trainingHash } from "../../training-hash.js";
import type { LearnerSpec } from "../learners.js";
import type { CandidateOptions } from "../options.js";
import type { Prepared } from "../prepare.js";
import { NO_JOURNALS } from "./journal.js";
import { runSearch } from "./run-search.js";
import type { SearchWork } from "./search-work.js";
import { trialPool } from "./trial-pool.js";

export interface ForwardSearch extends CandidateOptions {
  readonly learner: Learner;
  readonly spec: LearnerSpec;
  /** When the budget is spent, ms of the world's clock; null for never. */
  readonly untilMs: number | null;
  readonly policy?: ThresholdPolicy;
}

/**
 * How to fit a learner in this training: the searches of all its models (of each test block, of the gate, of the one that is
 * registered) have been run, side by side in threads, each inside its own training cutoffs. A procedure that is not the real one
 * is left as it is.
 */
export async function searchForward(prepared: Prepared, search: ForwardSearch, world: World): Promise<FitProcedure> {
  const { procedure, tests, gate, cutoffs, data, shape } = prepared;
  if (procedure.fit !== nestedFit || search.search === "none") return procedure.fit;
  const plans = [...tests.map(({ train }) => train), ...(gate === null ? [] : [gate.train]), cutoffs];
  const work: SearchWork = { kind: "forward", data, plans, horizon: shape.horizon };
  const pool = trialPool(work, { ...search, trials: plans.length * search.learner.grid.length }, world);
  const key = trainingHash(data);
  try {
    const fits = await Promise.all(
      plans.map(async (trainCutoffs, at) => {
        const problem = innerProblem(data, { trainCutoffs, horizon: shape.horizon });
        const tuning = problem && tuningOf(problem, search, world);
        if (problem === null) return [trainCutoffs, null] as const;
        const outcome =
          tuning &&
          (await runSearch(
            {
              title: `${search.learner.name}, model ${at + 1} of ${plans.length}`,
              problem: tuning,
              learner: search.learner,
              run: (trials) => pool.run({ search: at, ...trials }),
              journals: search.journals ?? NO_JOURNALS,
              key: sha256(key, JSON.stringify([search.spec, trainCutoffs, shape, world.seed])),
              untilMs: search.untilMs,
            },
            world,
          ));
        return [trainCutoffs, decide(problem, search, outcome, world)] as const;
      }),
    );
    const found = new Map<readonly Instant[], NestedFit | null>(fits);
    return (own, plan, world) => {
      const known = own === data && plan.learner === search.learner ? found.get(plan.trainCutoffs) : undefined;
      return known === undefined ? nestedFit(own, plan, world) : known;
    };
  } finally {
    await pool.close();
  }
}
