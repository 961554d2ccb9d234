import { type Instant, MS_PER_DAY } from "../base/time.js";
import type { ProfileState } from "./accumulators/profile.js";

export interface RiskSetRule {
  /** Days of history a user must have, counted from the first event. */
  readonly minHistoryDays: number;
  /** A user must have been heard of in this many trailing days. */
  readonly activeWithinDays: number;
}

export const RISK_SET: RiskSetRule = { minHistoryDays: 7, activeWithinDays: 28 };

/** Whether the user could still cancel at the cutoff and is known well enough to be scored. */
export function isAtRisk(profile: ProfileState, cutoff: Instant, rule: RiskSetRule): boolean {
  return (
    profile.events > 0 &&
    !(profile.cancelledMs <= cutoff) &&
    profile.firstTsMs <= cutoff - rule.minHistoryDays * MS_PER_DAY &&
    profile.lastTsMs > cutoff - rule.activeWithinDays * MS_PER_DAY
  );
}
