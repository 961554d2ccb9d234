import { type Instant, MS_PER_DAY } from "../base/time.js";
import type { EventColumns } from "../schema/event-columns.js";

/** How far ahead a label looks: the event must lie in (T + gap, T + gap + horizon]. Days. */
export interface Horizon {
  readonly gapDays: number;
  readonly horizonDays: number;
}

export const HORIZON: Horizon = { gapDays: 1, horizonDays: 10 };

/** What became of a user after a cutoff. `inGap` is neither: too late to act, left out of fitting and metrics. */
export const OUTCOME = { kept: 0, churned: 1, inGap: 2 } as const;

export interface Label {
  readonly name: string;
  /** Raised when the meaning changes. */
  readonly version: number;
  /** Time of each user's event, ms; NaN where it never came. One value a user of the columns. */
  eventTimes(columns: EventColumns): Float64Array;
}

/** Outcome of a user at risk at `cutoff` whose event comes at `eventMs` (NaN: never). */
export function outcomeAt(eventMs: number, cutoff: Instant | number, { gapDays, horizonDays }: Horizon): number {
  const from = cutoff + gapDays * MS_PER_DAY;
  if (eventMs > cutoff && eventMs <= from) return OUTCOME.inGap;
  return eventMs > from && eventMs <= from + horizonDays * MS_PER_DAY ? OUTCOME.churned : OUTCOME.kept;
}

/** The first moment at which the outcome of a cutoff is settled. */
export function settledAt(cutoff: number, { gapDays, horizonDays }: Horizon): number {
  return cutoff + (gapDays + horizonDays) * MS_PER_DAY;
}
