import { seededRng } from "../base/rng.js";
import { asInstant, type Instant, MS_PER_DAY, MS_PER_HOUR } from "../base/time.js";
import { HORIZON, type Horizon, settledAt } from "../labels/label.js";

/** The seed of every command that is not given one. */
export const DEFAULT_SEED = 42;

export interface CutoffRule {
  readonly everyDays: number;
  /** Cutoffs of so many last days only; absent: of all. */
  readonly trailingDays?: number;
  readonly minHistoryDays: number;
  readonly seed: number;
}

/**
 * Cutoffs every `everyDays` at a seeded hour, from the first at which a user can have the history asked for, to the last
 * whose horizon lies inside the data.
 */
export function labelledCutoffs(
  span: { firstTsMs: number; lastTsMs: number },
  { everyDays, trailingDays = Number.POSITIVE_INFINITY, minHistoryDays, seed }: CutoffRule,
  horizon: Horizon = HORIZON,
): Instant[] {
  const hour = cutoffHour(seed);
  const earliest = Math.max(span.firstTsMs + minHistoryDays * MS_PER_DAY, span.lastTsMs - trailingDays * MS_PER_DAY);
  const midnight = Math.ceil((earliest - hour * MS_PER_HOUR) / MS_PER_DAY) * MS_PER_DAY;
  const cutoffs: Instant[] = [];
  for (let at = midnight + hour * MS_PER_HOUR; settledAt(at, horizon) <= span.lastTsMs; at += everyDays * MS_PER_DAY) {
    cutoffs.push(asInstant(at));
  }
  return cutoffs;
}

/** The UTC hour at which cutoffs lie. */
export function cutoffHour(seed: number): number {
  return seededRng(seed).fork("cutoff-hour").below(24);
}

/** A test block and what may be learned from before it: every training label is settled at the block's first cutoff. */
export interface ForwardSplit {
  readonly train: readonly Instant[];
  readonly test: readonly Instant[];
}

/**
 * Rolling origin, expanding window: the cutoffs after the first training ones fall into `blocks` runs of equal length
 * (the earlier ones longer by one). A training cutoff is used only if settledAt(it) ≤ the block's first cutoff: that is
 * the embargo, and it keeps a user's future out of training. (Tashman 2000; López de Prado 2018, ch. 7.)
 *
 * @param cutoffs ascending
 * @returns fewer blocks, or none, where the cutoffs do not reach
 */
export function forwardSplits(
  cutoffs: readonly Instant[],
  { blocks, minTrainCutoffs, horizon }: { blocks: number; minTrainCutoffs: number; horizon: Horizon },
): ForwardSplit[] {
  const enough = cutoffs[minTrainCutoffs - 1];
  if (enough === undefined) return [];
  const testable = cutoffs.filter((at) => settledAt(enough, horizon) <= at);
  const splits: ForwardSplit[] = [];
  let from = 0;
  for (let b = 0; b < blocks; b++) {
    const length = Math.ceil((testable.length - from) / (blocks - b));
    const test = testable.slice(from, from + length);
    from += length;
    const first = test[0];
    if (first !== undefined) splits.push({ train: cutoffs.filter((at) => settledAt(at, horizon) <= first), test });
  }
  return splits;
}

export interface ProtocolShape {
  readonly cutoffs: CutoffRule;
  readonly horizon: Horizon;
  /** Test blocks, the promotion gate's included. */
  readonly blocks: number;
  /** Cutoffs that the first test block learns from: at least so many, and at least this share of all. */
  readonly minTrainCutoffs: number;
  readonly minTrainShare: number;
}

/** The defaults of `point-in-time`. */
export const POINT_IN_TIME_SHAPE: ProtocolShape = {
  cutoffs: { everyDays: 2, minHistoryDays: 7, seed: DEFAULT_SEED },
  horizon: HORIZON,
  blocks: 4,
  minTrainCutoffs: 4,
  minTrainShare: 1 / 3,
};

/** Test blocks whose metrics are pooled, and the last block, kept for the promotion gate. */
export function outerSplits(
  span: { firstTsMs: number; lastTsMs: number },
  shape: ProtocolShape = POINT_IN_TIME_SHAPE,
): { cutoffs: Instant[]; tests: ForwardSplit[]; gate: ForwardSplit | null } {
  const cutoffs = labelledCutoffs(span, shape.cutoffs, shape.horizon);
  const minTrainCutoffs = Math.max(shape.minTrainCutoffs, Math.ceil(cutoffs.length * shape.minTrainShare));
  const splits = forwardSplits(cutoffs, { ...shape, minTrainCutoffs });
  const complete = splits.length === shape.blocks;
  return { cutoffs, tests: complete ? splits.slice(0, -1) : splits, gate: (complete && splits.at(-1)) || null };
}

/** The cutoffs that `point-in-time` tests on by default, for a log of this span. */
export function defaultTestCutoffs(firstTsMs: number, lastTsMs: number): Instant[] {
  return outerSplits({ firstTsMs, lastTsMs }).tests.flatMap((split) => split.test);
}
