import type { Instant } from "../base/time.js";
import { averagePrecision, rocAuc } from "../evaluate/metrics.js";
import { type Horizon, OUTCOME, outcomeAt, settledAt } from "../labels/label.js";

/** A listener at risk at a cutoff, with P(cancels within the horizon | not within the gap) by two kinds of knowledge. */
export interface Photo {
  readonly listener: number;
  readonly cutoff: Instant;
  readonly oracle: number;
  readonly attainable: number;
}

/** How well churn can be told at all. Each figure is `null` where it is undefined. */
export interface Reachable {
  /** By who knows population, pace, mood and level of each listener. */
  readonly oracleAuc: number | null;
  readonly oracleAveragePrecision: number | null;
  /** By who knows the law of the world, and of a listener the rows before the cutoff. */
  readonly attainableAuc: number | null;
  readonly attainableAveragePrecision: number | null;
  readonly baseRate: number | null;
  /** Rows tested on: users at risk at the test cutoffs, without who cancels within the gap. */
  readonly testRows: number;
}

/**
 * How the scores of the photographs at the given cutoffs rank what came to be.
 *
 * @param cancelledAt by listener, infinite where it never came
 */
export function reachFigures(
  photos: readonly Photo[],
  { cutoffs, horizon, lastTs }: { cutoffs: readonly Instant[]; horizon: Horizon; lastTs: number },
  cancelledAt: Float64Array,
): Reachable {
  const wanted = new Set(cutoffs.filter((cutoff) => settledAt(cutoff, horizon) <= lastTs));
  const outcome = ({ listener, cutoff }: Photo) => outcomeAt(cancelledAt[listener] as number, cutoff, horizon);
  const rows = photos.filter((photo) => wanted.has(photo.cutoff) && outcome(photo) !== OUTCOME.inGap);
  const y = Uint8Array.from(rows, (photo) => (outcome(photo) === OUTCOME.churned ? 1 : 0));
  const oracle = { y, p: Float64Array.from(rows, (photo) => photo.oracle) };
  const attainable = { y, p: Float64Array.from(rows, (photo) => photo.attainable) };
  return {
    oracleAuc: orNull(rocAuc(oracle)),
    oracleAveragePrecision: orNull(averagePrecision(oracle)),
    attainableAuc: orNull(rocAuc(attainable)),
    attainableAveragePrecision: orNull(averagePrecision(attainable)),
    baseRate: orNull(y.reduce((sum, value) => sum + value, 0) / y.length),
    testRows: rows.length,
  };
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
