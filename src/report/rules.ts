import type { RulesDocument } from "../schema/documents.js";
import { counted } from "./format.js";

/** The protocol as it is measured, in days: what the page says of gap, horizon and risk set. */
export type Rules = RulesDocument;

/** Those of documents that do not tell theirs. */
export const RULES: Rules = { gapDays: 1, horizonDays: 10, minHistoryDays: 7, activeWithinDays: 28 };

/** Fewer churned users in the test blocks than this are too few to tell. */
export const CHURNED_USERS_MIN = 30;

/** Who is scored: "paying users with an event in the last 28 days and at least 7 days of history". */
export function riskSetText({ paidOnly, activeWithinDays, minHistoryDays }: Rules): string {
  const who = paidOnly === true ? "paying users" : "users";
  return `${who} with an event in the last ${activeWithinDays} days and at least ${counted(minHistoryDays, "day")} of history`;
}
