// hot loop
import type { Matrix } from "../base/matrix.js";
import type { Rng } from "../base/rng.js";

/** Kinds of users by how often they do things: kind k does thing s at `rates[k][s]` a unit of exposure. */
export interface PoissonMixture {
  /** Share of each kind, largest first. */
  readonly shares: readonly number[];
  readonly rates: readonly (readonly number[])[];
}

/** Users × things: how often each was done, and out of how many chances (songs heard, say). No value is missing. */
export interface Counts {
  readonly events: Matrix;
  readonly exposures: Matrix;
}

const KINDS_MAX = 6;
/** Short runs from random starts, of which the best goes on (Biernacki, Celeux & Govaert 2003). */
const STARTS = 8;
const STEPS_OF_START = 6;
const STEPS_MAX = 300;
/** Gain in log-likelihood below which it has converged; one more kind must gain some tens. */
const GAIN_MIN = 0.01;
/** A kind's rates are drawn towards everybody's by this many events, its share by one user. */
const EVENTS_OF_PRIOR = 2;
/** Spread of the logarithms of rates at a random start. */
const SPREAD = 0.4;

/**
 * Mixture of products of Poissons with exposure, by expectation-maximisation (Dempster, Laird & Rubin 1977): a latent class
 * model of counts. It sees no label. The number of kinds is the first, from one, after which one more does not lower the BIC
 * (Schwarz 1978), at most six.
 */
export function fitPoissonMixture(counts: Counts, rng: Rng): PoissonMixture {
  const problem = problemOf(counts);
  let best = fitOf(problem, 1, rng.fork(1));
  for (let kinds = 2; kinds <= KINDS_MAX; kinds++) {
    const found = fitOf(problem, kinds, rng.fork(kinds));
    if (bicOf(problem, found) >= bicOf(problem, best)) break;
    best = found;
  }
  const order = Array.from(best.shares.keys()).sort((a, b) => best.shares[b]! - best.shares[a]!);
  return {
    shares: order.map((k) => best.shares[k]!),
    rates: order.map((k) => Array.from(best.rates.subarray(k * problem.things, (k + 1) * problem.things))),
  };
}

/** P(kind | counts) of each user, users × kinds. Someone without a chance to do anything gets the shares. */
export function kindProbabilities(mixture: PoissonMixture, { events, exposures }: Counts): Matrix {
  const kinds = mixture.shares.length;
  const data = new Float64Array(events.rows * kinds);
  const work = works.get(mixture) ?? workOf(mixture, events.cols);
  works.set(mixture, work);
  for (let i = 0; i < events.rows; i++) posterior(work, { events, exposures }, i, data.subarray(i * kinds));
  return { rows: events.rows, cols: kinds, data };
}

/** A service asks for one user at a time: the logarithms would take longer than all the rest. */
const works = new WeakMap<PoissonMixture, Work>();

function workOf({ shares, rates }: PoissonMixture, things: number): Work {
  return {
    logRates: Float64Array.from(rates.flatMap((row) => row.map(Math.log))),
    rates: Float64Array.from(rates.flat()),
    logShares: Float64Array.from(shares, Math.log),
    things,
  };
}

interface Problem extends Counts {
  readonly things: number;
  /** Everybody's rates. */
  readonly pooled: Float64Array;
}

interface Fit {
  readonly shares: Float64Array;
  readonly rates: Float64Array;
  readonly logLikelihood: number;
}

interface Work {
  readonly logRates: Float64Array;
  readonly rates: Float64Array;
  readonly logShares: Float64Array;
  readonly things: number;
}

function problemOf({ events, exposures }: Counts): Problem {
  const things = events.cols;
  // Half an event in one chance more: no rate is zero.
  const done = new Float64Array(things).fill(0.5);
  const chances = new Float64Array(things).fill(1);
  for (let at = 0; at < events.data.length; at++) {
    done[at % things]! += events.data[at]!;
    chances[at % things]! += exposures.data[at]!;
  }
  return { events, exposures, things, pooled: done.map((sum, s) => sum / chances[s]!) };
}

function fitOf(problem: Problem, kinds: number, rng: Rng): Fit {
  let best: Fit | null = null;
  for (let start = 0; start < (kinds === 1 ? 1 : STARTS); start++) {
    let fit = startOf(problem, kinds, rng.fork(start));
    for (let step = 0; step < STEPS_OF_START; step++) fit = improved(problem, fit);
    if (best === null || fit.logLikelihood > best.logLikelihood) best = fit;
  }
  let fit = best as Fit;
  for (let step = 0; step < STEPS_MAX; step++) {
    const next = improved(problem, fit);
    const gain = next.logLikelihood - fit.logLikelihood;
    fit = next;
    if (gain < GAIN_MIN) break;
  }
  return fit;
}

function startOf({ pooled, things }: Problem, kinds: number, rng: Rng): Fit {
  return {
    shares: new Float64Array(kinds).fill(1 / kinds),
    rates: Float64Array.from(
      { length: kinds * things },
      (_, at) => pooled[at % things]! * Math.exp(kinds === 1 ? 0 : SPREAD * rng.normal()),
    ),
    logLikelihood: Number.NEGATIVE_INFINITY,
  };
}

/** One step of expectation-maximisation; its log-likelihood is that of the fit it began with, without the n!. */
function improved(problem: Problem, { shares, rates }: Fit): Fit {
  const { events, exposures, things, pooled } = problem;
  const kinds = shares.length;
  const users = events.rows;
  const done = new Float64Array(kinds * things);
  const chances = new Float64Array(kinds * things);
  const members = new Float64Array(kinds);
  const work = { rates, logRates: rates.map(Math.log), logShares: shares.map(Math.log), things };
  const p = new Float64Array(kinds);
  let logLikelihood = 0;
  for (let i = 0; i < users; i++) {
    logLikelihood += posterior(work, problem, i, p);
    for (let k = 0; k < kinds; k++) {
      const share = p[k]!;
      members[k]! += share;
      for (let s = 0; s < things; s++) {
        done[k * things + s]! += share * events.data[i * things + s]!;
        chances[k * things + s]! += share * exposures.data[i * things + s]!;
      }
    }
  }
  return {
    logLikelihood,
    shares: members.map((sum) => (sum + 1) / (users + kinds)),
    rates: done.map((sum, at) => (sum + EVENTS_OF_PRIOR) / (chances[at]! + EVENTS_OF_PRIOR / pooled[at % things]!)),
  };
}

/** Writes P(kind | counts) of user i; returns the logarithm of how likely the counts are. */
function posterior(work: Work, { events, exposures }: Counts, i: number, out: Float64Array): number {
  const { logShares, logRates, rates, things } = work;
  const kinds = logShares.length;
  let top = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < kinds; k++) {
    let log = logShares[k]!;
    for (let s = 0; s < things; s++) {
      const at = k * things + s;
      log += events.data[i * things + s]! * logRates[at]! - exposures.data[i * things + s]! * rates[at]!;
    }
    out[k] = log;
    if (log > top) top = log;
  }
  let sum = 0;
  for (let k = 0; k < kinds; k++) {
    out[k] = Math.exp(out[k]! - top);
    sum += out[k]!;
  }
  for (let k = 0; k < kinds; k++) out[k]! /= sum;
  return top + Math.log(sum);
}

function bicOf({ events, things }: Problem, { shares, logLikelihood }: Fit): number {
  const free = shares.length - 1 + shares.length * things;
  return free * Math.log(events.rows) - 2 * logLikelihood;
}
