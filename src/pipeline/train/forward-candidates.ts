import { seededRng } from "../../base/rng.js";
import type { World } from "../../base/world.js";
import { churnedUsers, rowsAt, takeDataset } from "../../evaluate/dataset.js";
import { type ForwardRun, runForward } from "../../evaluate/forward.js";
import type { Learner } from "../../evaluate/learner.js";
import type { FitProcedure, NestedFit } from "../../evaluate/nested-fit.js";
import { type ScoreCard, scoreCard } from "../../evaluate/score-card.js";
import type { Horizon } from "../../labels/label.js";
import type { StabilityDocument } from "../../schema/selection-document.js";
import { untilOf } from "./budget.js";
import { stabilityOfBlocks } from "./forward-stability.js";
import { type LearnerSpec, learnerFor } from "./learners.js";
import { chooseModel, type ModelChoice } from "./model-choice.js";
import type { TrainOptions } from "./options.js";
import { type Prepared, seenBy, tooFew } from "./prepare.js";
import { searchForward } from "./search/search-forward.js";

export interface ForwardCandidate {
  readonly learner: Learner;
  /** How it is fitted: its searches are done. */
  readonly fit: FitProcedure;
  /** The test blocks, each by a model of its own. */
  readonly run: ForwardRun;
  readonly card: ScoreCard;
  /** Fitted on all cutoffs. */
  readonly final: NestedFit;
  readonly stability: StabilityDocument | null;
}

/**
 * Every candidate through the test blocks and on all cutoffs, and the choice between them. Fails with VALUE_BAD for a name that is no
 * model, LABELS_TOO_FEW where no block has enough to learn from.
 */
export async function runForwardCandidates(
  prepared: Prepared,
  options: TrainOptions,
  world: World,
): Promise<{ readonly found: readonly ForwardCandidate[]; readonly choice: ModelChoice }> {
  const { models, resample = "none" } = options;
  const learners = models.map((name) => {
    const seen = seenBy(prepared, name);
    const spec: LearnerSpec = { name, features: seen.data.features, resample };
    return { seen, spec, learner: learnerFor(spec) };
  });
  const found: ForwardCandidate[] = [];
  for (const { seen, ...own } of learners) found.push(await candidateOf(seen, { ...own, options }, world));
  const choice = chooseModel(prepared, found);
  return { found, choice };
}

async function candidateOf(
  prepared: Prepared,
  { learner, spec, options }: { learner: Learner; spec: LearnerSpec; options: TrainOptions },
  world: World,
): Promise<ForwardCandidate> {
  const { data, tests, shape, cutoffs } = prepared;
  const { search, seeds, decisions } = options;
  const policy = decisions === undefined ? {} : { policy: decisions.policy };
  world.log.info(`Training ${learner.name} forward through ${tests.length} test blocks`);
  const untilMs = untilOf(options, world);
  const fitBlock = await searchForward(prepared, { ...options, ...policy, learner, spec, untilMs }, world);
  const run = runForward(data, { learner, splits: tests, shape, search, fit: fitBlock, ...policy }, world);
  const final = fitBlock(data, { learner, trainCutoffs: cutoffs, horizon: shape.horizon, search, ...policy }, world);
  if (run.fits.length === 0 || final === null) throw tooFew(mostToLearnFrom(prepared), prepared.label.name);
  const stability =
    seeds === null || seeds === 0 ? null : await stabilityOfBlocks(prepared, { learner, run, seeds }, world);
  return { learner, fit: fitBlock, run, card: cardOf(run, shape.horizon, world), final, stability };
}

/** Churned users among the training rows of the test block that has most of them. */
function mostToLearnFrom({ data, tests }: Prepared): number {
  return Math.max(...tests.map(({ train }) => churnedUsers(takeDataset(data, rowsAt(data, train)))));
}

/** Metrics and intervals of pooled test blocks. */
export function cardOf(run: ForwardRun, { horizonDays }: Horizon, world: World): ScoreCard {
  const { rows, p, flagged } = run;
  return scoreCard(
    { y: rows.y, p, flagged, user: rows.user, cutoffMs: rows.cutoffMs, horizonDays },
    seededRng(world.seed).fork("intervals"),
  );
}
