import type { DecisionsDocument, OperatingPoint } from "../../schema/decisions-document.js";
import type { TrainingDocument } from "../../schema/documents.js";
import { type LabelWords, labelWords } from "../../schema/label-words.js";
import { bestCandidate } from "../findings.js";
import { count, percent } from "../format.js";
import { type Html, html } from "../html.js";
import { gainPlot, profitPlot } from "../plots/profit.js";
import { type Fact, facts, figure, section } from "./section.js";

/** What acting on the scores would have come to on the test rows. */
export function decisions(training: TrainingDocument): Html | null {
  if (training.decisions === undefined) return null;
  const words = labelWords(training.label);
  const { costs } = training.decisions;
  const lead =
    costs === null
      ? "What contacting the riskiest reaches. Say what a contact costs (--contact-cost, --customer-value, --save-rate), and it is told in money."
      : `A contact costs ${costs.contactCost}; a listener who leaves costs ${costs.customerValue}; ${percent(costs.saveRate)} of those about to are kept by a contact. These three are yours, and the last is a guess until an experiment has measured it.`;
  return section(
    { id: "decide", title: "What is acting on it worth?", lead },
    html`<div class="grid">${costs !== null && figure("Profit", "On the test rows; dashed: contacting nobody.", profitPlot(training.decisions.curve))}${figure("Reach", "Dashed: contacting at random.", gainPlot(training.decisions.curve))}${points(training, training.decisions, words)}</div>`,
  );
}

function points(training: TrainingDocument, found: DecisionsDocument, words: LabelWords): Html {
  const why = bestCandidate(training)?.thresholdWhy ?? "";
  const said = (point: OperatingPoint) => html`${pointText(point, words)}`;
  const rows: Fact[] = [
    [`At the model's threshold (${why})`, said(found.atThreshold)],
    ...(found.byCost === undefined
      ? []
      : ([[`Whoever pays: from ${percent(found.byCost.threshold)}`, said(found.byCost)]] satisfies Fact[])),
    ...(found.byCapacity === undefined
      ? []
      : ([
          [`As many as can be contacted: ${count(found.contacts)} at a cutoff`, said(found.byCapacity)],
        ] satisfies Fact[])),
  ];
  return figure("Thresholds", "On the pooled test rows. No threshold was chosen on them.", facts(rows));
}

function pointText(
  { contactedShare, reachedShare, precision, profitPerThousand }: OperatingPoint,
  words: LabelWords,
): string {
  const money = profitPerThousand === null ? "" : `; profit ${count(profitPerThousand)} a thousand rows`;
  return `${percent(contactedShare)} contacted, ${percent(reachedShare)} of those who ${words.verb} reached, ${percent(precision)} of contacts right${money}`;
}
