import type { DayKpis, KpisDocument } from "../../schema/loop-documents.js";
import { columns, heading, paragraph } from "./blocks.js";
import { ended, readable, simulatedLines } from "./frame.js";
import type { Screen } from "./screen.js";

/** KPIs, to be read in a terminal. */
export function renderKpis(document: KpisDocument, given: Screen): string {
  const screen = readable(given);
  if (document.days.length === 0) return ended(paragraph("No day is closed yet.", screen));
  const head = ["day", "active", "28 days", "paid", "left", "at risk", "forecast", "truth", "revenue"];
  return ended([
    ...simulatedLines(document, screen),
    ...heading("Closed days", screen),
    ...columns(
      head,
      document.days.map((day) => ({ cells: cellsOf(day) })),
      screen,
    ),
    ...paragraph(
      "forecast and truth: users at risk who churn within the horizon (95% band); revenue: a month's of flagged users who pay.",
      screen,
      "soft",
    ),
  ]);
}

function cellsOf(day: DayKpis): string[] {
  const whole = (value: number | null) => (value === null ? "-" : value.toFixed(0));
  const { forecast } = day;
  return [
    day.day,
    whole(day.active_1d),
    whole(day.active_28d),
    day.paid_share === null ? "-" : `${(100 * day.paid_share).toFixed(0)}%`,
    whole(day.churned),
    whole(day.at_risk),
    forecast === null ? "-" : `${whole(forecast.expected)} (${whole(forecast.low)}-${whole(forecast.high)})`,
    whole(day.truth),
    whole(day.revenue_at_risk),
  ];
}
