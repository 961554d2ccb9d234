import { type Instant, MS_PER_DAY } from "../base/time.js";
import { LEVEL } from "../schema/pages.js";
import type { ProfileState } from "./accumulators/profile.js";

export interface RiskSetRule {
  /** Days of history a user must have, counted from the first event. */
  readonly minHistoryDays: number;
  /** A user must have been heard of in this many trailing days. */
  readonly activeWithinDays: number;
  /** Only who is on the paid plan, as far as is known at the cutoff. */
  readonly paidOnly?: boolean;
}

export const RISK_SET: RiskSetRule = { minHistoryDays: 7, activeWithinDays: 28 };

/** Whether the label can still come true for the user at the cutoff, and the user is known well enough to be scored. */
export function isAtRisk(profile: ProfileState, cutoff: Instant, rule: RiskSetRule): boolean {
  return (
    profile.events > 0 &&
    !(profile.cancelledMs <= cutoff) &&
    (rule.paidOnly !== true || profile.level === LEVEL.paid) &&
    profile.firstTsMs <= cutoff - rule.minHistoryDays * MS_PER_DAY &&
    profile.lastTsMs > cutoff - rule.activeWithinDays * MS_PER_DAY
  );
}
