import { type Instant, MS_PER_DAY } from "../base/time.js";
import type { RiskSetRule } from "../features/risk-set.js";
import type { EventColumns } from "../schema/event-columns.js";
import type { LabelName } from "../schema/label-words.js";

/** How far ahead a label looks: the event must lie in (T + gap, T + gap + horizon]. Days. */
export interface Horizon {
  readonly gapDays: number;
  readonly horizonDays: number;
}

export const HORIZON: Horizon = { gapDays: 1, horizonDays: 10 };

/**
 * What became of a user after a cutoff. `inGap`: too late to act, left out of fitting and metrics. `competing`: the user cancelled
 * before the label could come true; it did not, so that is `kept`, but counted. `gone`: it had happened before the cutoff.
 */
export const OUTCOME = { kept: 0, churned: 1, inGap: 2, competing: 3, gone: 4 } as const;
export type Outcome = (typeof OUTCOME)[keyof typeof OUTCOME];

/** Outcome of user `user` (an index into the columns' users) at a cutoff, ms. */
export type Outcomes = (user: number, cutoff: number) => Outcome;

/** What of a label can be set. */
export interface LabelSettings {
  /** Days without an event that make a user inactive. */
  readonly inactivityDays?: number;
}

/**
 * Something that can become of a user. Everything about a cutoff T is settled at `settledAt(T, window)`: rows that become known
 * later change no outcome.
 */
export interface Label {
  readonly name: LabelName;
  /** Raised when the meaning changes. */
  readonly version: number;
  readonly description: string;
  /** The outcome at T is what happens in (T + gap, T + gap + horizon]. */
  readonly window: Horizon;
  /** What was set: kept in the model file beside name and version. */
  readonly settings: LabelSettings;
  /** To whom it can still happen. */
  riskSet(minHistoryDays: number): RiskSetRule;
  outcomes(columns: EventColumns): Outcomes;
  /** Time of each user's first event, ms; NaN where none came by the end of the data. One value a user of the columns. */
  eventTimes(columns: EventColumns): Float64Array;
  /** From when each user could have had it, ms; Infinity for never. */
  exposedFrom(columns: EventColumns): Float64Array;
}

/** Outcome of a user at risk at `cutoff` whose event comes at `eventMs` (NaN: never). */
export function outcomeAt(eventMs: number, cutoff: Instant | number, { gapDays, horizonDays }: Horizon): Outcome {
  const from = cutoff + gapDays * MS_PER_DAY;
  if (eventMs > cutoff && eventMs <= from) return OUTCOME.inGap;
  return eventMs > from && eventMs <= from + horizonDays * MS_PER_DAY ? OUTCOME.churned : OUTCOME.kept;
}

/** Outcomes of an event that comes to a user once at most, after which there is nothing to predict. */
export function outcomesOfTimes(eventMs: Float64Array, window: Horizon): Outcomes {
  return (user, cutoff) => {
    const at = eventMs[user] ?? Number.NaN;
    return at <= cutoff ? OUTCOME.gone : outcomeAt(at, cutoff, window);
  };
}

/** The first moment at which the outcome of a cutoff is settled. */
export function settledAt(cutoff: number, { gapDays, horizonDays }: Horizon): number {
  return cutoff + (gapDays + horizonDays) * MS_PER_DAY;
}
