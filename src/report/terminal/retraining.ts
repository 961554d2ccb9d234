import type { RetrainingDocument } from "../../schema/retraining-document.js";
import { fact, heading, paragraph } from "./blocks.js";
import { ended, readable, simulatedLines } from "./frame.js";
import type { Screen } from "./screen.js";

/** A retraining decision, to be read in a terminal. */
export function renderRetraining(document: RetrainingDocument, given: Screen): string {
  const screen = readable(given);
  const { due, causes, candidate, champion, difference, promoted, serves, reasons, block, audits } = document;
  const title =
    candidate !== null
      ? promoted
        ? "A new champion serves"
        : "The champion stays"
      : reasons.length > 0
        ? "No candidate could be made"
        : due
          ? "A retraining is due"
          : "No retraining is due";
  const figure = (of: { value: number; low: number; high: number } | undefined | null) =>
    of == null ? "-" : `${of.value.toFixed(4)} (${of.low.toFixed(4)} to ${of.high.toFixed(4)})`;
  const compared =
    candidate === null || block === null
      ? []
      : [
          fact(
            "Compared on",
            `${block.rows} rows of ${block.users} users, ${block.positives} positive, ${block.from.slice(0, 10)} to ${block.to.slice(0, 10)}`,
            screen,
          ),
          fact(
            "Champion",
            `${champion.version}: PR-AUC ${figure(champion.averagePrecision)}, lift ${figure(champion.liftAt10)}`,
            screen,
          ),
          fact(
            "Candidate",
            `${candidate.version}: PR-AUC ${figure(candidate.averagePrecision)}, lift ${figure(candidate.liftAt10)}`,
            screen,
          ),
          fact("Difference", `${figure(difference)}, 95%`, screen),
          fact("Audits", audits ?? "none", screen),
        ];
  return ended(
    [
      ...simulatedLines(document, screen),
      ...heading(title, screen),
      ...causes.map(({ kind, evidence }) => fact(kind, evidence, screen)),
      ...compared.flat(),
      fact("Serves", serves, screen),
      ...reasons.flatMap((reason) => paragraph(reason, screen)),
    ].flat(),
  );
}
