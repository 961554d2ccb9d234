/** The protocol as it is measured, in days: what the page says of gap, horizon and risk set. */
export interface Rules {
  readonly gapDays: number;
  readonly horizonDays: number;
  readonly minHistoryDays: number;
  readonly activeWithinDays: number;
}

export const RULES: Rules = { gapDays: 1, horizonDays: 10, minHistoryDays: 7, activeWithinDays: 28 };

/** Fewer churned users in the test blocks than this are too few to tell. */
export const CHURNED_USERS_MIN = 30;
