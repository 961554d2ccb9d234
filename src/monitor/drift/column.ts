/** Why a column is shown and never alarms. */
export type ShownOnly = "cumulative" | "calendar";

/**
 * A column as two tables have it: numbers, or the codes 0 … `levels.length` − 1 of categories. NaN is missing.
 */
export interface DriftColumn {
  readonly name: string;
  /** Names of the categories; null for a column of numbers. */
  readonly levels: readonly string[] | null;
  /** Null: it can alarm. */
  readonly shownOnly: ShownOnly | null;
  /** By how much the distance of the column counts, above 0 up to 1. */
  readonly weight: number;
  readonly reference: Float64Array;
  readonly current: Float64Array;
}
