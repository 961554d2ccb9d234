import type { World } from "../../../base/world.js";
import type { Params } from "../../../evaluate/learner.js";
import { type SearchOutcome, type SearchProblem, searchSteps, type Trial } from "../../../evaluate/search/steps.js";
import { sha256 } from "../../../registry/model-file.js";
import type { Journals } from "./journal.js";

/** How trials are run: here, or in threads. */
export type RunTrial = (trial: { readonly params: Params; readonly share: number }) => Promise<Float64Array>;

export interface SearchRun {
  /** What progress lines call it. */
  readonly title: string;
  readonly problem: SearchProblem;
  readonly run: RunTrial;
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
  { title, problem, run, journals, key, untilMs }: SearchRun,
  world: World,
): Promise<SearchOutcome> {
  const steps = searchSteps(problem);
  const [usual] = problem.settings;
  const probe = await run({ params: usual ?? {}, share: 1 });
  const journal = journals.open(sha256(key, JSON.stringify([problem.search, problem.settings]), bytesOf(probe)));
  const scoresOf = async ({ setting, share }: Trial): Promise<Float64Array> => {
    const name = `${setting}-${share.toFixed(4)}`;
    const known = journal.read(name);
    if (known !== null) return known;
    const scores = await run({ params: problem.settings[setting] ?? {}, share });
    journal.write(name, scores);
    return scores;
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
    const scores = await Promise.all(step.value.map(scoresOf));
    ran += scores.length;
    world.log.info(`${title}: ${ran} trials of ${problem.settings.length - 1} settings done`);
    step = steps.next(scores);
  }
  return step.value;
}

function bytesOf(scores: Float64Array): Uint8Array {
  return new Uint8Array(scores.buffer, scores.byteOffset, scores.byteLength);
}
