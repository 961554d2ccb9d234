import type { RunDocument, TrainingDocument, Verdict } from "../../schema/documents.js";
import { auditLines } from "../audit-words.js";
import { honestyRows } from "../findings.js";
import { interval, score } from "../format.js";
import { VERDICTS } from "../words.js";
import { columns, fact, heading } from "./blocks.js";
import type { Screen, Tone } from "./screen.js";

const VERDICT_TONES = { passed: "good", inconclusive: "doubt", failed: "bad" } as const satisfies Record<Verdict, Tone>;
const ROW_TONES = { honest: "strong", leaky: "bad", placebo: "soft" } as const;

/** The leaky score beside the honest one, and the placebo under each. */
export function honestyLines(document: RunDocument, screen: Screen): string[] {
  const rows = honestyRows(document);
  if (rows.length === 0) return [];
  return [
    ...heading("HOW HONEST (0.500 is chance; a placebo should be there)", screen),
    ...columns(
      ["Recipe", "AUC", "Interval", "Sure"],
      rows.map((row) => ({
        cells: [row.label, score(row.auc), interval(row), `${row.confidence}%`],
        tone: ROW_TONES[row.kind],
      })),
      screen,
    ),
  ];
}

/** Each audit with its verdict in words. */
export function auditsLines(audits: TrainingDocument["audits"], screen: Screen): string[] {
  if (audits === null) return [];
  const lines = auditLines(audits).flatMap(({ name, verdict, finding }) =>
    verdict === null
      ? fact(name, finding, screen)
      : fact(name, `${VERDICTS[verdict]}. ${finding}`, screen, VERDICT_TONES[verdict]),
  );
  return [...heading(`AUDITS: ${VERDICTS[audits.verdict].toLowerCase()}`, screen), ...lines];
}
