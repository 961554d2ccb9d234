/** Rows with what happened (`y`, 0 or 1) and what was predicted (`p`, P(churn)). */
export interface Scored {
  readonly y: Uint8Array;
  readonly p: Float64Array;
  /** ≥ 0 a row; absent or null is 1. */
  readonly weight?: Float64Array | null;
  /** A row counts as predicted to churn when p ≥ threshold; 0.5 when absent. */
  readonly threshold?: number;
  /** Which cutoff a row belongs to, any whole number; absent or null puts all rows in one. */
  readonly group?: Int32Array | null;
  /** When outcomes were waited for; absent or null takes all rows for independent. */
  readonly windows?: OutcomeWindows | null;
}

/** Row i waits for an event of user `user[i]` in (`fromMs[i]`, `fromMs[i]` + `lengthMs`]. */
export interface OutcomeWindows {
  readonly user: Int32Array;
  readonly fromMs: Float64Array;
  readonly lengthMs: number;
}

/**
 * A metric with its sorting done: from how many times each row is drawn (0, 1, 2 …) to the value, NaN where it is
 * undefined. Drawing a row twice is the same as having it twice, next to itself.
 */
export type Counted = (counts: Float64Array) => number;

export function weightsOf(scored: Scored): Float64Array {
  return scored.weight ?? new Float64Array(scored.y.length).fill(1);
}

export function once(rows: number): Float64Array {
  return new Float64Array(rows).fill(1);
}
