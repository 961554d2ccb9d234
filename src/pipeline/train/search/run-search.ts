import type { World } from "../../../base/world.js";
import { familyOf } from "../../../evaluate/fitted-once.js";
import type { Learner, Params } from "../../../evaluate/learner.js";
import { type SearchOutcome, type SearchProblem, searchSteps, type Trial } from "../../../evaluate/search/steps.js";
import { sha256 } from "../../../registry/model-file.js";
import type { Journals } from "./journal.js";

/** How trials are run, of settings that one fit may answer: here, or in threads. Answers the scores of each. */
export type RunTrials = (trials: {
  readonly settings: readonly Params[];
  readonly share: number;
}) => Promise<readonly Float64Array[]>;

export interface SearchRun {
  /** What progress lines call it. */
  readonly title: string;
  readonly problem: SearchProblem;
  readonly learner: Pick<Learner, "size">;
  readonly run: RunTrials;
  readonly journals: Journals;
  /** Says what is searched, besides the settings. */
  readonly key: string;
  /** When the budget is spent, ms of the world's clock; null for never. */
  readonly untilMs: number | null;
}

/**
 * Runs a search to its end, or to that of its budget: it is looked at between rounds, so that how many candidates ran depends on
 * time, but what they say does not. Trials that the journal holds are not run again. The journal's key holds the scores of the
 * defaults, which are always run: another build, whose estimator says otherwise, starts anew.
 */
export async function runSearch(
  { title, problem, learner, run, journals, key, untilMs }: SearchRun,
  world: World,
): Promise<SearchOutcome> {
  const steps = searchSteps(problem);
  const [usual] = problem.settings;
  const [probe = new Float64Array(0)] = await run({ settings: [usual ?? {}], share: 1 });
  const journal = journals.open(sha256(key, JSON.stringify([problem.search, problem.settings]), bytesOf(probe)));
  const paramsOf = ({ setting }: Trial): Params => problem.settings[setting] ?? {};
  const nameOf = ({ setting, share }: Trial) => `${setting}-${share.toFixed(4)}`;
  const scoresOf = async (trials: readonly Trial[]): Promise<readonly Float64Array[]> => {
    const found = new Map(trials.map((trial) => [trial, journal.read(nameOf(trial))]));
    const missing = trials.filter((trial) => found.get(trial) === null);
    const families = new Map<string, Trial[]>();
    for (const trial of missing) {
      const name = `${trial.share} ${familyOf(learner, paramsOf(trial))}`;
      families.set(name, [...(families.get(name) ?? []), trial]);
    }
    await Promise.all(
      Array.from(families.values(), async (family) => {
        const scores = await run({ settings: family.map(paramsOf), share: family[0]?.share ?? 1 });
        family.forEach((trial, i) => {
          const own = scores[i] ?? new Float64Array(0);
          journal.write(nameOf(trial), own);
          found.set(trial, own);
        });
      }),
    );
    return trials.map((trial) => found.get(trial) ?? new Float64Array(0));
  };
  steps.next();
  let step = steps.next([probe]);
  let ran = 0;
  while (step.done !== true) {
    if (untilMs !== null && world.now() >= untilMs) {
      world.log.info(`${title}: the budget is spent`);
      step = steps.next(null);
      continue;
    }
    const scores = await scoresOf(step.value);
    ran += scores.length;
    world.log.info(`${title}: ${ran} trials of ${problem.settings.length - 1} settings done`);
    step = steps.next(scores);
  }
  return step.value;
}

function bytesOf(scores: Float64Array): Uint8Array {
  return new Uint8Array(scores.buffer, scores.byteOffset, scores.byteLength);
}
