import type { Params } from "../learner.js";
import type { Search } from "./settings.js";

/** Out-of-fold scores of one setting, by models that learned from this share of the users in their training part. */
export interface Trial {
  /** Its number in `SearchProblem.settings`. */
  readonly setting: number;
  readonly share: number;
}

export interface SearchProblem {
  readonly search: Search;
  /** The defaults first. */
  readonly settings: readonly Params[];
  /** How bad out-of-fold scores are: by what halving tells which settings go on. */
  loss(scores: Float64Array): number;
}

/** A setting that learned from everybody there was, and its out-of-fold scores. */
export interface Tried {
  readonly params: Params;
  readonly scores: Float64Array;
}

export interface SearchOutcome {
  /** The defaults first. */
  readonly tried: readonly Tried[];
  /** Settings that had a trial of any size, and those that there were to try; without the defaults. */
  readonly ran: number;
  readonly planned: number;
  /** Rounds that were answered: a search of so many rounds does the same again. */
  readonly rounds: number;
}

/** Settings that are tried at a time: a budget is looked at in between, whatever the number of threads. */
const BATCH = 12;

/** Settings that start together in halving, of which a third goes on each time, learning from three times as many users. */
const BRACKET = 9;
const KEPT = 3;
const SHARES = [1 / 9, 1 / 3, 1] as const;

type Asking<T> = Generator<readonly Trial[], T, readonly Float64Array[] | null>;

/**
 * What a search wants to know, round by round: trials go out, their scores come back in the same order, null where there is no time
 * for them. Grid and random search try every setting; halving (Jamieson & Talwalkar 2016) runs brackets of nine settings: a ninth of
 * the users, the best three on a third, the best one on all. The defaults are always tried.
 */
export function* searchSteps(problem: SearchProblem): Asking<SearchOutcome> {
  const { settings, search } = problem;
  const found: Found = { tried: [], seen: new Set(), rounds: -1 };
  yield* ask(problem, [{ setting: 0, share: 1 }], found);
  const others = Array.from(settings.keys()).slice(1);
  const size = search === "halving" ? BRACKET : BATCH;
  for (let from = 0; from < others.length; from += size) {
    if (!(yield* race(problem, others.slice(from, from + size), found))) break;
  }
  return { tried: found.tried, ran: found.seen.size - 1, planned: others.length, rounds: found.rounds };
}

interface Found {
  readonly tried: Tried[];
  readonly seen: Set<number>;
  rounds: number;
}

/** Settings on ever more users, of whom a third goes on each time. False: there was no time to end it. */
function* race(problem: SearchProblem, starting: readonly number[], found: Found): Asking<boolean> {
  let alive = starting;
  for (const share of problem.search === "halving" ? SHARES : [1]) {
    const losses = yield* ask(
      problem,
      alive.map((setting) => ({ setting, share })),
      found,
    );
    if (losses === null) return false;
    const order = Array.from(alive.keys()).sort((a, b) => (losses[a] ?? 0) - (losses[b] ?? 0) || a - b);
    alive = order.slice(0, Math.ceil(alive.length / KEPT)).map((at) => alive[at] ?? 0);
  }
  return true;
}

function* ask(problem: SearchProblem, trials: readonly Trial[], found: Found): Asking<number[] | null> {
  const scores = yield trials;
  if (scores === null) return null;
  found.rounds++;
  trials.forEach(({ setting, share }, i) => {
    found.seen.add(setting);
    const params = problem.settings[setting] ?? {};
    if (share === 1) found.tried.push({ params, scores: scores[i] ?? new Float64Array(0) });
  });
  return problem.search === "halving" ? scores.map((each) => problem.loss(each)) : [];
}

/** Runs a search here and now. `roundsMax`: as many rounds as another search was given time for. */
export function searchNow(
  problem: SearchProblem,
  evaluate: (trial: Trial) => Float64Array,
  roundsMax: number = Number.POSITIVE_INFINITY,
): SearchOutcome {
  const steps = searchSteps(problem);
  let answered = 0;
  let step = steps.next();
  while (step.done !== true) {
    // The defaults are no round.
    step = steps.next(answered++ <= roundsMax ? step.value.map(evaluate) : null);
  }
  return step.value;
}
