import { MS_PER_SECOND } from "../base/time.js";
import { SESSION_GAP_MS } from "./arrival.js";
import type { Moods } from "./mood.js";
import { STANDINGS, sessionOutlook } from "./session-matrix.js";
import type { Walk } from "./transitions.js";

const SONG_MS = 249 * MS_PER_SECOND;
const TAIL = 1e-12;

/** The sessions of a population as a Markov chain over (standing, mood); what a row lacks to 1 is cancelled. */
export interface SessionChain {
  readonly size: number;
  readonly next: Float64Array;
  /** Expected length of the session that follows each state. */
  readonly durationMs: Float64Array;
}

/** Index of a state of the chain. */
export function chainState(standing: number, mood: number, moods: Moods): number {
  return standing * moods.count + mood;
}

/** @param walks one a mood */
export function sessionChain(walks: readonly Walk[], moods: Moods): SessionChain {
  const size = STANDINGS.length * moods.count;
  const next = new Float64Array(size * size);
  const durationMs = new Float64Array(size);
  const outlooks = walks.map((walk) => STANDINGS.map((standing) => sessionOutlook(walk, standing)));
  for (let row = 0; row < size; row++) {
    const standing = Math.floor(row / moods.count);
    const mood = row % moods.count;
    outlooks.forEach((byStanding, newMood) => {
      const share = moods.change[mood * moods.count + newMood] as number;
      const outlook = byStanding[standing] as (typeof byStanding)[number];
      durationMs[row] = (durationMs[row] as number) + share * outlook.songs * SONG_MS;
      outlook.endsIn.forEach((p, to) => {
        next[row * size + chainState(to, newMood, moods)] = share * p;
      });
    });
  }
  return { size, next, durationMs };
}

/** A stretch of time: how long it is, and how long it feels to arrivals (`ArrivalLaw.felt`). */
export interface Stretch {
  readonly ms: number;
  readonly feltMs: number;
}

/**
 * Expected value of `after` at the end of a stretch, for a listener who begins it between sessions in each state:
 * exp(Q t) `after`, where sessions come at the rate 1 / (mean gap + session gap + length of a session). By
 * uniformisation (Jensen 1953). With `after` = 1 it is the probability of not having cancelled.
 */
export function lookAhead(
  chain: SessionChain,
  betaMs: number,
  { ms, feltMs }: Stretch,
  after: Float64Array,
): Float64Array {
  if (ms <= 0) return after;
  const { size, next } = chain;
  const meanGapMs = (betaMs * ms) / feltMs + SESSION_GAP_MS;
  const perMs = chain.durationMs.map((duration) => 1 / (meanGapMs + duration));
  const fastest = Math.max(...perMs);
  let term = after;
  let weight = Math.exp(-fastest * ms);
  let left = 1 - weight;
  const sum = after.map((value) => value * weight);
  for (let k = 1; left > TAIL && k < 10_000; k++) {
    const stepped = new Float64Array(size);
    for (let row = 0; row < size; row++) {
      let moved = 0;
      for (let col = 0; col < size; col++) moved += next[row * size + col]! * term[col]!; // hot loop
      const jump = perMs[row]! / fastest;
      stepped[row] = (1 - jump) * term[row]! + jump * moved;
    }
    term = stepped;
    weight *= (fastest * ms) / k;
    left -= weight;
    for (let row = 0; row < size; row++) sum[row] = sum[row]! + weight * term[row]!;
  }
  return sum;
}
