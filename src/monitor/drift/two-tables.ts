import type { Rng } from "../../base/rng.js";
import { shuffledIndices } from "../../base/rng.js";
import type { DriftDocument } from "../../schema/drift-document.js";
import { type Bins, binsOf, countsOf } from "./bins.js";
import type { DriftColumn } from "./column.js";
import { binRows, distanceOfCounts, sizeFactor } from "./distance.js";
import { compareColumn, type SampledColumn } from "./feature-drift.js";
import { type NullDistances, thresholdsOf } from "./null-distances.js";
import { permutationNull } from "./permutation-null.js";
import { sampleOf, takeValues, together } from "./sample.js";
import { alphaOf, EFFECT_FLOOR, verdictOf } from "./verdict.js";

/** More cells than this in the smaller group of a resample are not dealt out again: the rows are then a sample. */
const CELLS_MAX = 120_000;
const SAMPLE_ROWS_MIN = 500;
const SAMPLE_ROWS_MAX = 5_000;

export interface TablesPlan {
  readonly rows: DriftDocument["rows"];
  readonly alarmBudget: number;
  readonly resamples: number;
}

/** Drift between two tables by the alarm budget: the null distribution is that of rows dealt out again between them. */
export function driftOfTables(
  columns: readonly DriftColumn[],
  { rows, alarmBudget, resamples }: TablesPlan,
  rng: Rng,
): Pick<DriftDocument, "drifted" | "features" | "alarm" | "alarmBudget" | "rows"> {
  const sampled = columns.map(sampledOf);
  const bins = sampled.map((column) => binsOfBoth(column));
  const factor = sizeFactor(rows.reference, rows.current);
  const distances = Float64Array.from(
    sampled,
    (column, j) => factor * binnedDistance(column, bins[j] ?? { levels: 0 }),
  );
  const { null: ofNothing, isSample } = nullOf(columns, bins, { rows, resamples }, rng);
  const weights = columns.map(({ shownOnly, weight }) => (shownOnly === null ? weight : 0));
  const thresholds = thresholdsOf(ofNothing, weights, distances);
  const own = sampled.map(compareColumn);
  const found = verdictOf({ columns: own, distances, thresholds, alarmBudget, rows, resampledP: false });
  return {
    drifted: found.drifted,
    alarmBudget,
    alarm: {
      alpha: alphaOf(alarmBudget),
      p: found.p,
      resamples,
      drawnFrom: isSample ? "a sample of both tables" : "both tables",
      floor: { ...EFFECT_FLOOR },
    },
    rows,
    features: found.features,
  };
}

export function sampledOf({ reference, current, ...column }: DriftColumn): SampledColumn {
  return { ...column, reference: sampleOf(reference), current: sampleOf(current) };
}

/** By both tables alike, so that no row's label matters. */
function binsOfBoth({ levels, reference, current }: SampledColumn): Bins {
  return levels === null ? binsOf(together(reference, current)) : { levels: levels.length };
}

export function binnedDistance(
  { reference, current }: Pick<SampledColumn, "reference" | "current">,
  bins: Bins,
): number {
  const groups = {
    a: countsOf(bins, reference),
    n: reference.sorted.length + reference.missing,
    b: countsOf(bins, current),
    m: current.sorted.length + current.missing,
  };
  return distanceOfCounts(groups, { from: 0, to: groups.a.length, ordered: "edges" in bins });
}

/** On the scale of `sizeFactor`, so that a sample of the rows says what all of them would. */
function nullOf(
  columns: readonly DriftColumn[],
  bins: readonly Bins[],
  { rows, resamples }: Pick<TablesPlan, "rows" | "resamples">,
  rng: Rng,
): { readonly null: NullDistances; readonly isSample: boolean } {
  const most = Math.min(
    SAMPLE_ROWS_MAX,
    Math.max(SAMPLE_ROWS_MIN, Math.floor(CELLS_MAX / Math.max(1, columns.length))),
  );
  const isSample = Math.min(rows.reference, rows.current) > most;
  const n = isSample ? most : rows.reference;
  const m = isSample ? most : rows.current;
  // A large table beside a small one is cut too: what is left of it is many times the small one.
  const [keptN, keptM] = [Math.min(n, 20 * most), Math.min(m, 20 * most)];
  const drawnFrom = rng.fork("rows");
  const taken = [drawRows(rows.reference, keptN, drawnFrom), drawRows(rows.current, keptM, drawnFrom)] as const;
  const pooled = binRows(
    columns.map(({ reference, current }) => joined(reference, current, taken)),
    bins,
    keptN + keptM,
  );
  const found = permutationNull(pooled, { n: keptN, resamples }, rng.fork("labels"));
  const factor = sizeFactor(keptN, keptM);
  const isCut = keptN < rows.reference || keptM < rows.current;
  return { null: { ...found, distances: found.distances.map((distance) => distance * factor) }, isSample: isCut };
}

/** All rows in their order, or as many drawn without replacement. */
function drawRows(rows: number, count: number, rng: Rng): Int32Array | null {
  return count >= rows ? null : shuffledIndices(rows, rng).subarray(0, count);
}

function joined(
  reference: Float64Array,
  current: Float64Array,
  [first, second]: readonly [Int32Array | null, Int32Array | null],
): Float64Array {
  const one = first === null ? reference : takeValues(reference, first);
  const two = second === null ? current : takeValues(current, second);
  const both = new Float64Array(one.length + two.length);
  both.set(one);
  both.set(two, one.length);
  return both;
}
