import type {
  LiveFigure,
  LiveModelDocument,
  LiveWindowDocument,
  QualityDocument,
} from "../../schema/loop-documents.js";
import { columns, fact, heading, paragraph } from "./blocks.js";
import { ended, readable, simulatedLines } from "./frame.js";
import type { Screen } from "./screen.js";

const FLAGS_SHOWN = 12;

/** Data quality and live quality, to be read in a terminal. */
export function renderQuality(document: QualityDocument, given: Screen): string {
  const screen = readable(given);
  return ended([
    ...simulatedLines(document, screen),
    ...heading("Data", screen),
    ...dataLines(document, screen),
    ...heading("Live quality", screen),
    ...(document.live === null
      ? paragraph("No model has scored a closed day after those it learned from.", screen)
      : modelLines(document.live, screen)),
    ...document.challengers.flatMap((report) => [
      ...heading(`Challenger ${report.model_version}`, screen),
      ...fact("AUC", figure(report.pooled.auc), screen),
    ]),
  ]);
}

function dataLines({ as_of, fresh_through, data }: QualityDocument, screen: Screen): string[] {
  if (as_of === null) return paragraph("No day is closed yet.", screen);
  const flags = data.days.flatMap(({ day, flags }) => flags.map((flag) => ({ day, ...flag }))).slice(-FLAGS_SHOWN);
  const tone = data.verdict === "good" ? "good" : data.verdict === "flawed" ? "bad" : "doubt";
  return [
    ...fact("last closed day", `${as_of.slice(0, 10)} (its end); the last event is of ${fresh_through ?? "-"}`, screen),
    ...fact("verdict", data.verdict, screen, tone),
    ...flags.flatMap(({ day, figure: name, value, low, high, about, fails }) =>
      fact(
        day,
        `${name} ${short(value)}, band ${short(low)} to ${short(high)}: ${about}`,
        screen,
        fails ? "bad" : "doubt",
      ),
    ),
  ];
}

function modelLines(report: LiveModelDocument, screen: Screen): string[] {
  const { pooled, trend, change, estimates, windows } = report;
  return [
    ...fact("model", report.model_version, screen),
    ...fact("known outcomes", `${pooled.rows} rows, ${pooled.positives} users who churned: ${report.verdict}`, screen),
    ...fact("AUC", figure(pooled.auc), screen),
    ...fact("PR-AUC", figure(pooled.ap), screen),
    ...fact("lift at 10%", figure(pooled.lift), screen),
    ...fact("calibration slope", figure(pooled.calibrationSlope), screen),
    ...fact("trend of the AUC", trend.verdict, screen, trend.verdict === "falling" ? "bad" : "plain"),
    ...fact(
      "change (ADWIN)",
      change.changedAt === null ? "none" : `since about ${change.changedAt.slice(0, 10)}`,
      screen,
    ),
    ...fact(
      "estimates",
      estimates.trusted ? "can be trusted as far as is known" : `cannot be trusted: ${estimates.reasons.join("; ")}`,
      screen,
      estimates.trusted ? "plain" : "bad",
    ),
    ...columns(["cutoffs from", "days", "churned", "AUC", "expected AUC", "held"], windows.map(rowOf), screen),
  ];
}

function rowOf({ from, days, matured_days, live, estimate, estimate_held }: LiveWindowDocument) {
  const auc = live?.figures.auc ?? null;
  const expected = estimate?.figures.auc ?? null;
  return {
    cells: [
      from.slice(0, 10),
      `${matured_days}/${days}`,
      String(live?.positives ?? 0),
      live === null || !live.enough ? `${auc === null ? "-" : auc.value.toFixed(3)} (too few)` : figure(auc),
      expected === null ? "-" : `${expected.value.toFixed(3)} (${expected.low.toFixed(3)}-${expected.high.toFixed(3)})`,
      estimate_held === null ? "-" : estimate_held ? "yes" : "no",
    ],
  };
}

function figure(of: LiveFigure | null): string {
  return of === null ? "-" : `${of.value.toFixed(3)} (${of.low.toFixed(3)}-${of.high.toFixed(3)})`;
}

function short(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
