import { studentT } from "../../base/math/student-t.js";
import type { QualityBand } from "../../schema/loop-documents.js";

/** How a figure is measured: on this scale its chance is about the same at any level. */
export type Scale = "log" | "share";

const SCALES = {
  log: { to: (value: number) => Math.log(Math.max(value, 0.5)), from: Math.exp },
  share: {
    to: (value: number) => Math.asin(Math.sqrt(Math.min(1, Math.max(0, value)))),
    from: (angle: number) => Math.sin(Math.min(Math.PI / 2, Math.max(0, angle))) ** 2,
  },
} as const satisfies Record<Scale, { to(value: number): number; from(scaled: number): number }>;

export interface BandOptions {
  readonly scale: Scale;
  /** The least half of the band, on the scale. */
  readonly floor: number;
  /** How much wider the band is than for normal deviations, where they have longer tails. */
  readonly tails?: number;
  /** Chance of a value outside, of a figure that goes on as it did. */
  readonly chance: number;
}

/** Days without which nothing is alarming, and the most that are looked at. */
export const DAYS_MIN = 14;
const DAYS_MAX = 56;
const WEEKDAYS_FROM = 28;
const LATELY = 14;
const MAD_TO_SD = 1.4826;
/** The median of few deviations is itself uncertain: this much wider keeps the chance that was asked for of normal ones. */
const CAUTION = 1.4;

/**
 * Where a day's figure is expected, from the days before it: the median of the same weekday (of all days while there are under four
 * weeks), moved by how the last days lay, ± Student's t times the median absolute deviation. Null for too few days.
 *
 * @param history one value a day, the last one of the day before; null where the day had none
 */
export function bandOf(
  history: readonly (number | null)[],
  { scale, floor, chance, tails = 1 }: BandOptions,
): QualityBand | null {
  const { to, from } = SCALES[scale];
  const days = history
    .slice(-DAYS_MAX)
    .map((value, i, all) => ({ value: value === null ? Number.NaN : to(value), weekday: (all.length - i) % 7 }))
    .filter(({ value }) => !Number.isNaN(value));
  if (days.length < DAYS_MIN) return null;
  const byWeekday = days.length >= WEEKDAYS_FROM;
  const centres = new Map<number, number>();
  for (const { weekday } of days) {
    if (centres.has(weekday)) continue;
    centres.set(weekday, median(days.filter((day) => !byWeekday || day.weekday === weekday).map(({ value }) => value)));
  }
  const residuals = days.map(({ value, weekday }) => value - (centres.get(weekday) ?? 0));
  const moved = median(residuals.slice(-LATELY));
  const typical = MAD_TO_SD * median(residuals.map((value) => Math.abs(value)));
  // While weekdays cannot be told apart, weekends are no outliers.
  const spread = byWeekday ? typical : Math.max(typical, deviation(residuals));
  const freedom = days.length - (byWeekday ? 7 : 1);
  const half = Math.max(floor, tails * CAUTION * studentT(freedom, 1 - chance) * spread);
  const centre = (centres.get(0) ?? median(days.map(({ value }) => value))) + moved;
  return { expected: from(centre), low: from(centre - half), high: from(centre + half), days: days.length };
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [below = Number.NaN, above = Number.NaN] = [sorted[Math.max(0, middle - 1)], sorted[middle]];
  return sorted.length % 2 === 1 ? above : (below + above) / 2;
}
