import type { DriftDocument, FeatureDrift } from "../../schema/drift-document.js";
import { benjaminiHochberg } from "./benjamini-hochberg.js";
import type { OwnDrift } from "./feature-drift.js";
import { type Thresholds, tailOf, weighted } from "./null-distances.js";

/** A check a day. */
const CHECKS_PER_YEAR = 365;
/** The share of listed features that may be listed wrongly. */
const FALSE_DISCOVERIES = 0.05;
/**
 * Effects that Cohen calls small, and nobody should be woken for less: a fifth of a standard deviation moves a normal feature's
 * distribution function by 0.08; Cramér's V of 0.1.
 */
export const EFFECT_FLOOR = { number: 0.08, category: 0.1 } as const;
/** In fewer rows than this nothing is called different. */
export const ROWS_MIN = 10;

/** The chance of a false alarm that one daily check may have. */
export function alphaOf(alarmBudget: number): number {
  return Math.min(1, alarmBudget / CHECKS_PER_YEAR);
}

export interface Observed {
  readonly columns: readonly OwnDrift[];
  /** Distances on the scale of the thresholds. */
  readonly distances: Float64Array;
  readonly thresholds: Thresholds;
  readonly alarmBudget: number;
  readonly rows: DriftDocument["rows"];
  /** Whether p comes from the resamples, where rows are not independent, instead of from the test's own distribution. */
  readonly resampledP: boolean;
}

export interface Verdict extends Pick<DriftDocument, "drifted" | "features"> {
  readonly p: number;
}

/**
 * The alarm: the largest weighted distance is beyond what the budget lets resamples reach, in a feature whose effect is not below the
 * floor. Beside it each feature by itself, which is a list and no alarm.
 */
export function verdictOf({ columns, distances, thresholds, alarmBudget, rows, resampledP }: Observed): Verdict {
  const alpha = alphaOf(alarmBudget);
  const isEnough = Math.min(rows.reference, rows.current) >= ROWS_MIN;
  const reach = columns.map(({ shownOnly, weight }, j) =>
    weighted(distances[j] ?? 0, thresholds.scale[j] ?? 0, shownOnly === null ? weight : 0),
  );
  const ownP = columns.map(({ p }, j) =>
    resampledP ? tailOf(thresholds.ofColumn[j] ?? new Float64Array(), distances[j] ?? 0) : p,
  );
  const adjusted = adjustedBy(columns, ownP);
  const features = columns.map((column, j): FeatureDrift => {
    const isWatched = column.shownOnly === null && isEnough;
    const isLarge = column.effect >= (column.test === "ks" ? EFFECT_FLOOR.number : EFFECT_FLOOR.category);
    const adjustedP = adjusted[j] ?? 1;
    return {
      ...column,
      p: ownP[j] ?? 1,
      adjustedP,
      drifted: isWatched && isLarge && adjustedP < FALSE_DISCOVERIES,
      alarmed: isWatched && isLarge && tailOf(thresholds.largest, reach[j] ?? 0) <= alpha,
    };
  });
  return {
    drifted: features.some(({ alarmed }) => alarmed),
    features,
    p: tailOf(thresholds.largest, Math.max(0, ...reach)),
  };
}

/** Adjusted among the features that can alarm, and among the others: these differ for sure, and would lend the first their certainty. */
function adjustedBy(columns: readonly OwnDrift[], p: readonly number[]): number[] {
  const adjusted = new Array<number>(columns.length).fill(1);
  for (const wanted of [true, false]) {
    const places = columns.flatMap(({ shownOnly }, j) => ((shownOnly === null) === wanted ? [j] : []));
    benjaminiHochberg(places.map((j) => p[j] ?? 1)).forEach((value, k) => {
      adjusted[places[k] ?? -1] = value;
    });
  }
  return adjusted;
}
