import type { CalibrationGroup } from "../../schema/decisions-document.js";
import { labelWords } from "../../schema/label-words.js";
import type { ModelCardDocument } from "../../schema/model-card-document.js";
import { auditLines } from "../audit-words.js";
import { count, interval, percent, score } from "../format.js";
import { optimismText } from "../sections/tuning.js";
import { survivalText } from "../survival-words.js";
import { METRIC_LABELS, modelName, PROTOCOLS, paramsText, VERDICTS } from "../words.js";
import { columns, fact, heading, paragraph } from "./blocks.js";
import { ended, readable, simulatedLines } from "./frame.js";
import type { Screen } from "./screen.js";

/** The model card of a version, to be read in a terminal. */
export function renderCardText(card: ModelCardDocument, given: Screen): string {
  const screen = readable(given);
  const { training, evidence, threshold, label } = card;
  const { verb } = labelWords(label);
  const names = Object.keys(METRIC_LABELS) as (keyof typeof METRIC_LABELS)[];
  return ended([
    ...simulatedLines(training, screen),
    ...heading(`MODEL ${card.version}`, screen),
    ...fact("Predicts", `who will ${verb}`, screen),
    ...fact("Estimator", `${modelName(card.estimator)} (${paramsText(card.params)})`, screen),
    ...fact("Protocol", PROTOCOLS[card.protocol], screen, card.leaky ? "bad" : "plain"),
    ...fact(
      "Data",
      `${count(training.rows)} rows of ${count(training.users)} users, ${count(training.churnedUsers)} of whom ${verb}; sha256 ${training.dataSha256.slice(0, 16)}…`,
      screen,
    ),
    ...fact("Threshold", `${percent(threshold.value)}: ${threshold.why}`, screen),
    ...(evidence?.selection == null ? [] : fact("Tuning", optimismText(evidence.selection), screen)),
    ...(evidence?.survival == null ? [] : fact("Survival", survivalText(evidence.survival), screen)),
    ...heading("FIGURES", screen),
    ...columns(
      ["Metric", "Test", "95% interval", "Gate"],
      names.map((name) => ({
        cells: [
          METRIC_LABELS[name],
          score(card.metrics[name], 4),
          interval(card.intervals[name], 4),
          score(card.gate?.[name], 4),
        ],
      })),
      screen,
    ),
    ...groupLines(card, screen),
    ...heading("AUDITS", screen),
    ...(card.audits === null
      ? paragraph("None was run.", screen)
      : auditLines(card.audits).flatMap(({ name, verdict, finding }) =>
          fact(name, `${verdict === null ? "" : `${VERDICTS[verdict]}. `}${finding}`, screen),
        )),
    ...heading("LIMITS", screen),
    ...card.limits.flatMap((limit) => paragraph(limit, screen)),
  ]);
}

function groupLines({ evidence }: ModelCardDocument, screen: Screen): string[] {
  const groups = Object.entries(evidence?.calibration?.groups ?? {});
  if (groups.length === 0) return [];
  const row = (grouping: string) => (own: CalibrationGroup) => ({
    cells: [
      `${grouping}: ${own.group}`,
      count(own.users),
      percent(own.predicted),
      percent(own.observed),
      interval({ low: own.low * 100, high: own.high * 100 }, 1),
      score(own.rocAuc),
    ],
  });
  return [
    ...heading("GROUPS", screen),
    ...columns(
      ["Group", "Users", "Predicted", "Seen", "95% interval", "AUC"],
      groups.flatMap(([grouping, own]) => own.map(row(grouping))),
      screen,
    ),
  ];
}
