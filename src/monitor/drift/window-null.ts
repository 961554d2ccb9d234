// hot loop
import type { Rng } from "../../base/rng.js";
import { type BinnedRows, countRows, distancesOf } from "./distance.js";
import type { NullDistances } from "./null-distances.js";

/** Whose each row is and when it was taken: rows of a user are together, by time. */
export interface RowTimes {
  readonly user: Int32Array;
  readonly cutoffMs: Float64Array;
}

/** Rows that resamples are drawn from. */
export interface TimedRows {
  readonly rows: BinnedRows;
  readonly times: RowTimes;
}

/**
 * Windows of time, each as long as the one that is watched: they end at each cutoff that leaves room for a whole one, and beyond which
 * there are others.
 *
 * @param others cutoffs that the windows are held against
 */
export function windowsOf(
  cutoffMs: Float64Array,
  lengthMs: number,
  others: Float64Array = cutoffMs,
): readonly { fromMs: number; toMs: number }[] {
  const cutoffs = [...new Set(cutoffMs)].sort((a, b) => a - b);
  const first = cutoffs[0] ?? Number.NaN;
  const step = (cutoffs[1] ?? first) - first;
  const beside = [...new Set(others)];
  return cutoffs
    .filter((at) => at - lengthMs >= first - step)
    .map((at) => ({ fromMs: at - lengthMs, toMs: at }))
    .filter(({ fromMs, toMs }) => beside.some((at) => at <= fromMs || at > toMs));
}

export interface WindowPlan {
  /** Users of the pseudo-reference and of the pseudo-current. */
  readonly n: number;
  readonly m: number;
  readonly lengthMs: number;
  readonly resamples: number;
}

/**
 * Distances where nothing differs but the weeks: users are drawn, with replacement, from a random window (one row each), and set against
 * as many as the reference has, drawn from the other times. So what usually differs from one window to another counts as usual. Where
 * the reference is too short for two windows only users are drawn.
 *
 * @param inside what the pseudo-current is drawn from, where that is something else than the reference: bins must be the same
 */
export function windowNull(outside: TimedRows, plan: WindowPlan, rng: Rng, inside: TimedRows = outside): NullDistances {
  const { n, m, lengthMs, resamples } = plan;
  const { cols, from } = outside.rows;
  const [spansIn, spansOut] = [spansOfUsers(inside.times.user), spansOfUsers(outside.times.user)];
  const found = windowsOf(inside.times.cutoffMs, lengthMs, outside.times.cutoffMs).map((window) => ({
    inside: choiceOf(inside.times, spansIn, window).inside,
    outside: choiceOf(outside.times, spansOut, window).outside,
  }));
  const usable = found.filter((draw) => draw.inside.length > 0 && draw.outside.length > 0);
  const draws = usable.length === 0 ? [{ inside: allOf(spansIn), outside: allOf(spansOut) }] : usable;
  const distances = new Float64Array(resamples * cols);
  const group = new Int32Array(from[cols]!);
  const all = new Int32Array(from[cols]!);
  const split = { group, n, all, total: n + m };
  const [forA, forB] = [new Int32Array(n), new Int32Array(m)];
  for (let r = 0; r < resamples; r++) {
    const draw = draws[rng.below(draws.length)]!;
    drawRows(draw.outside, forA, rng);
    drawRows(draw.inside, forB, rng);
    all.fill(0);
    countRows(outside.rows, forA, group);
    countRows(inside.rows, forB, all);
    for (let k = 0; k < all.length; k++) all[k]! += group[k]!;
    distancesOf(outside.rows, split, distances, r * cols);
  }
  return { resamples, cols, distances };
}

/** Rows that a user may be drawn by: two runs, of which the second may be empty. Four numbers a user: from, to, from, to. */
type Choice = Int32Array;

interface Draw {
  readonly inside: Choice;
  readonly outside: Choice;
}

/** Where the rows of each user begin, and one more at the end. */
function spansOfUsers(user: Int32Array): number[] {
  const starts: number[] = [];
  for (let i = 0; i < user.length; i++) if (i === 0 || user[i] !== user[i - 1]) starts.push(i);
  return [...starts, user.length];
}

function allOf(spans: readonly number[]): Choice {
  return Int32Array.from(spans.slice(0, -1).flatMap((start, k) => [start, spans[k + 1]!, 0, 0]));
}

function choiceOf(
  { cutoffMs }: RowTimes,
  spans: readonly number[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Draw {
  const [inside, outside]: [number[], number[]] = [[], []];
  for (let u = 0; u + 1 < spans.length; u++) {
    const [start, end] = [spans[u]!, spans[u + 1]!];
    let from = start;
    while (from < end && cutoffMs[from]! <= fromMs) from++;
    let to = from;
    while (to < end && cutoffMs[to]! <= toMs) to++;
    if (to > from) inside.push(from, to, 0, 0);
    if (to - from < end - start) outside.push(start, from, to, end);
  }
  return { inside: Int32Array.from(inside), outside: Int32Array.from(outside) };
}

function drawRows(choice: Choice, out: Int32Array, rng: Rng): void {
  const users = choice.length / 4;
  for (let i = 0; i < out.length; i++) {
    const at = rng.below(users) * 4;
    const first = choice[at + 1]! - choice[at]!;
    const k = rng.below(first + choice[at + 3]! - choice[at + 2]!);
    out[i] = k < first ? choice[at]! + k : choice[at + 2]! + (k - first);
  }
}
