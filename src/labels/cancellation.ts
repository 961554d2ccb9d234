import { RISK_SET } from "../features/risk-set.js";
import { PAGE } from "../schema/pages.js";
import { HORIZON, type Label, OUTCOME, outcomeAt, settledAt } from "./label.js";
import { firstEvent, firstEventTimes, firstRowTimes, pageEvents } from "./page-events.js";

const CONFIRMED = PAGE["Cancellation Confirmation"];

/** The user confirmed a cancellation: the first `Cancellation Confirmation` row. */
export const cancellation: Label = {
  name: "cancellation",
  version: 1,
  description: "the user confirms a cancellation (`Cancellation Confirmation`)",
  window: HORIZON,
  settings: {},
  riskSet: (minHistoryDays) => ({ ...RISK_SET, minHistoryDays }),
  outcomes(columns) {
    const confirmed = pageEvents(columns, CONFIRMED);
    return (user, cutoff) => {
      const knownBy = settledAt(cutoff, HORIZON);
      const at = firstEvent(confirmed, user, { after: Number.NEGATIVE_INFINITY, knownBy });
      return at <= cutoff ? OUTCOME.gone : outcomeAt(at, cutoff, HORIZON);
    };
  },
  eventTimes: (columns) => firstEventTimes(columns, CONFIRMED),
  exposedFrom: (columns) => firstRowTimes(columns, () => true),
};
