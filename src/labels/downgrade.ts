import { RISK_SET } from "../features/risk-set.js";
import { LEVEL, PAGE } from "../schema/pages.js";
import { HORIZON, type Label, OUTCOME, outcomeAt, settledAt } from "./label.js";
import { firstEvent, firstEventTimes, firstRowTimes, pageEvents } from "./page-events.js";

const SUBMITTED = PAGE["Submit Downgrade"];

/**
 * A paying user gives the paid plan up: a `Submit Downgrade` row, which is the act itself; that the level is free shows only with the
 * next row, whenever that comes. It may come more than once, so a user who pays again is at risk again. A cancellation first ends
 * the matter: no downgrade.
 */
export const downgrade: Label = {
  name: "downgrade",
  version: 1,
  description: "a paying user gives the paid plan up (`Submit Downgrade`)",
  window: HORIZON,
  settings: {},
  riskSet: (minHistoryDays) => ({ ...RISK_SET, minHistoryDays, paidOnly: true }),
  outcomes(columns) {
    const submitted = pageEvents(columns, SUBMITTED);
    const confirmed = pageEvents(columns, PAGE["Cancellation Confirmation"]);
    return (user, cutoff) => {
      const knownBy = settledAt(cutoff, HORIZON);
      const cancelled = firstEvent(confirmed, user, { after: Number.NEGATIVE_INFINITY, knownBy });
      if (cancelled <= cutoff) return OUTCOME.gone;
      const at = firstEvent(submitted, user, { after: cutoff, knownBy });
      if (cancelled <= knownBy && !(at <= cancelled)) return OUTCOME.competing;
      return outcomeAt(at, cutoff, HORIZON);
    };
  },
  eventTimes: (columns) => firstEventTimes(columns, SUBMITTED),
  exposedFrom: ({ level, page, ...columns }) =>
    firstRowTimes({ level, page, ...columns }, (row) => level[row] === LEVEL.paid || page[row] === SUBMITTED),
};
