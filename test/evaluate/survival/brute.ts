import fc from "fast-check";
import type { FollowUp } from "../../../src/models/survival/person-period.js";

/** Rows with many equal times and risks. */
export const followUps = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 12 }), fc.nat(1), fc.integer({ min: 0, max: 5 }), fc.nat(3)), {
    minLength: 2,
    maxLength: 25,
  })
  .map((rows) => ({
    days: Float64Array.from(rows, ([day]) => day),
    event: Uint8Array.from(rows, ([, happened]) => happened),
    risk: Float64Array.from(rows, ([, , risk]) => risk),
    weight: Float64Array.from(rows, ([, , , weight]) => weight),
  }));

/** P(still followed) by its definition: a product over the times at which somebody was lost. */
export function bruteCensoring({ days, event }: FollowUp, t: number, { strictly }: { strictly: boolean }): number {
  let survival = 1;
  for (const at of new Set(days)) {
    if (strictly ? at >= t : at > t) continue;
    const rows = Array.from(days.keys());
    const lost = rows.filter((i) => days[i] === at && event[i] === 0).length;
    // Whose event it was at that time has left by then.
    const there = rows.filter((i) => (days[i] ?? 0) > at).length + lost;
    if (lost > 0) survival *= 1 - lost / there;
  }
  return survival;
}
