import { assert } from "../base/assert.js";
import { sortedQuantile } from "../base/math/sorting.js";
import type { Rng } from "../base/rng.js";
import type { Intervals } from "../schema/documents.js";
import { MEASURED_NAMES, METRICS, type MeasuredName } from "./metrics.js";
import type { Scored } from "./scored.js";

export interface ScoredUsers extends Scored {
  /** Which user a row belongs to, any whole number: a user's rows are drawn together. */
  readonly user: Int32Array;
}

export interface BootstrapOptions {
  readonly level?: number;
  readonly resamples?: number;
  readonly metrics?: readonly MeasuredName[];
}

export interface Bootstrap {
  readonly intervals: Intervals;
  /** Resamples that held both classes; the others are left out. */
  readonly used: number;
}

export interface BootstrapValues {
  /** Of each metric, ascending; empty where it is undefined in more than half of the resamples. */
  readonly values: Readonly<Partial<Record<MeasuredName, Float64Array>>>;
  /** Resamples that held both classes; the others are left out. */
  readonly used: number;
}

/**
 * Bootstrap over users, all metrics on the same resamples (1,000). Rows are sorted once; a resample is how often each user was
 * drawn.
 */
export function bootstrapValues(
  scored: ScoredUsers,
  { resamples = 1000, metrics = MEASURED_NAMES }: Omit<BootstrapOptions, "level">,
  rng: Rng,
): BootstrapValues {
  assert(scored.user.length === scored.y.length, "one user a row");
  const draw = userDraws(scored.user, rng);
  const measures = metrics.map((name) => METRICS[name].prepare(scored));
  const values = metrics.map((): number[] => []);
  const counts = new Float64Array(scored.y.length);
  let used = 0;
  for (let r = 0; r < resamples; r++) {
    draw(counts);
    if (!holdsBoth(scored, counts)) continue;
    used++;
    measures.forEach((measured, m) => {
      const value = measured(counts);
      if (Number.isFinite(value)) values[m]?.push(value);
    });
  }
  const sorted = metrics.map((name, m) => {
    const found = Float64Array.from(values[m] ?? []).sort();
    return [name, found.length < used / 2 ? new Float64Array(0) : found] as const;
  });
  return { values: Object.fromEntries(sorted), used };
}

/** Percentile intervals (95%) by `bootstrapValues`; a metric that is undefined in more than half of the resamples gets none. */
export function bootstrapIntervals(scored: ScoredUsers, options: BootstrapOptions, rng: Rng): Bootstrap {
  const { level = 0.95, ...rest } = options;
  const { values, used } = bootstrapValues(scored, rest, rng);
  const intervals = Object.entries(values).flatMap(([name, sorted]) =>
    sorted.length === 0
      ? []
      : [[name, { low: sortedQuantile(sorted, (1 - level) / 2), high: sortedQuantile(sorted, (1 + level) / 2) }]],
  );
  return { intervals: Object.fromEntries(intervals) as Intervals, used };
}

/** Draws as many users as there are, with replacement, and writes how often each row's user came up. */
export function userDraws(user: Int32Array, rng: Rng): (counts: Float64Array) => void {
  const slots = new Map<number, number>();
  for (const id of user) if (!slots.has(id)) slots.set(id, slots.size);
  const slot = Int32Array.from(user, (id) => slots.get(id) ?? 0);
  const times = new Float64Array(slots.size);
  return (counts) => {
    times.fill(0);
    // Hot loops.
    for (let k = 0; k < times.length; k++) times[rng.below(times.length)]! += 1;
    for (let i = 0; i < slot.length; i++) counts[i] = times[slot[i]!]!;
  };
}

function holdsBoth({ y, weight }: Scored, counts: Float64Array): boolean {
  const seen = [false, false];
  for (let i = 0; i < y.length; i++) {
    // Hot loop.
    if (counts[i]! > 0 && (weight?.[i] ?? 1) > 0) seen[y[i]!] = true;
    if (seen[0] && seen[1]) return true;
  }
  return false;
}
