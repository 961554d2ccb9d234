import { kaplanMeier } from "../../base/math/kaplan-meier.js";
import { firstAbove } from "../../base/math/sorting.js";
import type { FollowUp } from "../../models/survival/person-period.js";

/** P(still followed), a step function of days since the cutoff. */
export interface CensoringSurvival {
  /** P(followed beyond t). */
  at(t: number): number;
  /** P(followed to t and seen there): the limit from the left. */
  before(t: number): number;
}

/**
 * Kaplan–Meier with the roles changed: being lost is the event. Who had the event at a time has left by when others are lost at the
 * same time.
 */
export function censoringSurvival({ days, event }: FollowUp): CensoringSurvival {
  const distinct = [...new Set(days)].sort((a, b) => a - b);
  const rank = new Map(distinct.map((day, i) => [day, i]));
  // Odd ranks are those of the lost: just behind the events of the same time.
  const ordered = Array.from(days, (day, row) => 2 * (rank.get(day) ?? 0) + (event[row] === 1 ? 0 : 1));
  const { time, survival } = kaplanMeier(
    ordered,
    Array.from(event, (happened) => (happened === 1 ? 0 : 1)),
  );
  const times = time.map((at) => distinct[(at - 1) / 2] ?? Number.NaN);
  const after = (steps: number): number => (steps === 0 ? 1 : (survival[steps - 1] ?? Number.NaN));
  return {
    at: (t) => after(firstAbove(times, t)),
    before: (t) => {
      const lost = firstAbove(times, t);
      return after(times[lost - 1] === t ? lost - 1 : lost);
    },
  };
}
