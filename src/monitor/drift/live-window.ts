import type { Rng } from "../../base/rng.js";
import type { FeatureDrift } from "../../schema/drift-document.js";
import { type Bins, binsOf } from "./bins.js";
import type { ShownOnly } from "./column.js";
import { binRows } from "./distance.js";
import { compareColumn } from "./feature-drift.js";
import { type NullDistances, type Thresholds, thresholdsOf } from "./null-distances.js";
import { onePerUser } from "./one-per-user.js";
import { type Sample, sampleOf, takeValues } from "./sample.js";
import { binnedDistance } from "./two-tables.js";
import { type Verdict, verdictOf } from "./verdict.js";
import { type RowTimes, windowNull, windowsOf } from "./window-null.js";

/** A column of the rows that a model learned from, and of those that are watched. */
export interface WatchedColumn {
  readonly name: string;
  readonly shownOnly: ShownOnly | null;
  readonly weight: number;
  /** A value a row of the reference. */
  readonly reference: Float64Array;
  /**
   * Scores alone: what earlier models said of the same rows before they knew what became of them, NaN where there was none. A model's
   * scores of the rows it learned from are no fair measure of its later ones; how far they usually are apart is measured by these.
   */
  readonly unseen?: Float64Array;
  /** Of each watched user one value. */
  readonly current: Sample;
}

/** Rows of the reference: those of a user together, by time; and how many users are watched. */
export interface WatchedRows {
  readonly columns: readonly WatchedColumn[];
  readonly times: RowTimes;
  readonly users: number;
}

/** What does not change from day to day, while a model and about as many users are watched. */
export interface WindowThresholds {
  readonly bins: readonly Bins[];
  readonly thresholds: Thresholds;
}

/** More users than this are not drawn: the distances would be smaller than any that alarms. */
const USERS_MAX = 1_500;
/** Sizes are rounded down to powers of it: fewer users differ more by chance, so that rounding never adds an alarm. */
const SIZE_STEP = 1.1;

/** How many users resamples are made of. */
export function drawnSizes({ times, users }: Pick<WatchedRows, "times" | "users">): {
  readonly n: number;
  readonly m: number;
} {
  return { n: Math.min(USERS_MAX, new Set(times.user).size), m: roundedDown(Math.min(USERS_MAX, users)) };
}

function roundedDown(size: number): number {
  const power = Math.floor(Math.log(size) / Math.log(SIZE_STEP) + 1e-9);
  return size <= 20 ? size : Math.min(size, Math.floor(SIZE_STEP ** power));
}

/** How far each column lies from itself where nothing differs but the weeks and the users who happen to be there. */
export function windowThresholds(
  { columns, times }: Pick<WatchedRows, "columns" | "times">,
  plan: { readonly n: number; readonly m: number; readonly lengthMs: number; readonly resamples: number },
  rng: Rng,
): WindowThresholds {
  const bins = columns.map(({ reference }) => binsOf(sampleOf(reference)));
  const usual = columns.flatMap(({ unseen }, j) => (unseen === undefined ? [j] : []));
  const rows = binRows(
    usual.map((j) => columns[j]?.reference ?? new Float64Array()),
    usual.map((j) => bins[j] ?? { levels: 0 }),
    times.user.length,
  );
  const distances = new Float64Array(plan.resamples * columns.length);
  spread(windowNull({ rows, times }, plan, rng.fork("features")), { usual, of: columns.length }, distances);
  columns.forEach(({ reference, unseen, name }, j) => {
    if (unseen === undefined) return;
    const own = scoreNull({ reference, unseen, bins: bins[j] ?? { levels: 0 }, times }, plan, rng.fork(name));
    spread(own, { usual: [j], of: columns.length }, distances);
  });
  const weights = columns.map(({ shownOnly, weight }) => (shownOnly === null ? weight : 0));
  return { bins, thresholds: thresholdsOf({ resamples: plan.resamples, cols: columns.length, distances }, weights) };
}

/** Puts the columns of some distances in their places among those of all. */
function spread(
  { resamples, cols, distances }: NullDistances,
  { usual, of }: { readonly usual: readonly number[]; readonly of: number },
  out: Float64Array,
): void {
  for (let r = 0; r < resamples; r++) {
    for (let k = 0; k < cols; k++) out[r * of + (usual[k] ?? 0)] = distances[r * cols + k] ?? 0;
  }
}

function scoreNull(
  { reference, unseen, bins, times }: { reference: Float64Array; unseen: Float64Array; bins: Bins; times: RowTimes },
  plan: Parameters<typeof windowNull>[1],
  rng: Rng,
): NullDistances {
  const scored = [...unseen.keys()].filter((row) => !Number.isNaN(unseen[row]));
  const rows = binRows([reference], [bins], reference.length);
  if (scored.length === 0) return windowNull({ rows, times }, plan, rng);
  const known = Float64Array.from(scored, (row) => unseen[row] ?? Number.NaN);
  const inside = {
    rows: binRows([known], [bins], known.length),
    times: {
      user: Int32Array.from(scored, (row) => times.user[row] ?? -1),
      cutoffMs: Float64Array.from(scored, (row) => times.cutoffMs[row] ?? Number.NaN),
    },
  };
  return windowNull({ rows, times }, plan, rng, inside);
}

export interface WindowVerdict extends Verdict {
  readonly rows: { readonly reference: number; readonly current: number };
}

/**
 * Whether the users of a window differ from those that a model learned from: one row a user on both sides, drawn anew for each check, held
 * against `windowThresholds`. p of each feature is that of the resamples: rows of a week are not independent.
 */
export function driftOfWindow(
  { columns, times, users }: WatchedRows,
  { bins, thresholds }: WindowThresholds,
  alarmBudget: number,
  rng: Rng,
): WindowVerdict {
  const before = onePerUser(times.user, rng.fork("reference"));
  const sampled = columns.map(({ name, shownOnly, weight, reference, current }) => ({
    name,
    shownOnly,
    weight,
    levels: null,
    reference: sampleOf(takeValues(reference, before)),
    current,
  }));
  const own = sampled.map(compareColumn);
  const distances = Float64Array.from(sampled, (column, j) => binnedDistance(column, bins[j] ?? { levels: 0 }));
  const rows = { reference: before.length, current: users };
  return { ...verdictOf({ columns: own, distances, thresholds, alarmBudget, rows, resampledP: true }), rows };
}

/** Windows of a length that lie in the reference beside one another: of fewer than two nothing is known of how they differ. */
export function separateWindows(times: RowTimes, lengthMs: number): number {
  if (windowsOf(times.cutoffMs, lengthMs).length === 0) return 1;
  const cutoffs = [...new Set(times.cutoffMs)].sort((a, b) => a - b);
  const step = (cutoffs[1] ?? 0) - (cutoffs[0] ?? 0);
  return Math.max(1, Math.floor(((cutoffs.at(-1) ?? 0) - (cutoffs[0] ?? 0) + step) / lengthMs));
}

/** Names of the features behind an alarm. */
export function alarmedNames(features: readonly FeatureDrift[]): string[] {
  return features.filter(({ alarmed }) => alarmed).map(({ name }) => name);
}
