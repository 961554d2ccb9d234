import type { AlertDocument } from "../../schema/loop-documents.js";
import { fact, heading, paragraph } from "./blocks.js";
import { ended, readable } from "./frame.js";
import type { Screen, Tone } from "./screen.js";

const TONES: Readonly<Record<AlertDocument["severity"], Tone>> = { info: "plain", warning: "doubt", critical: "bad" };

/** Alerts, to be read in a terminal. */
export function renderAlerts(alerts: readonly AlertDocument[], given: Screen): string {
  const screen = readable(given);
  if (alerts.length === 0) return ended(paragraph("Nothing is alarming.", screen));
  return ended(
    alerts.flatMap((alert) => [
      ...heading(`${alert.id}  ${alert.severity}  ${alert.rule}`, screen),
      ...fact("what", alert.message, screen, alert.resolved_at === null ? TONES[alert.severity] : "soft"),
      ...fact("since", `${alert.opened_at}, seen ${alert.times_seen} times, last ${alert.last_seen_at}`, screen),
      ...(alert.acked_at === null ? [] : fact("acknowledged", `${alert.acked_at} by ${alert.acked_by ?? "-"}`, screen)),
      ...(alert.resolved_at === null ? [] : fact("resolved", alert.resolved_at, screen)),
    ]),
  );
}
