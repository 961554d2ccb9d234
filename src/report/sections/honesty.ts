import type { RunDocument } from "../../schema/documents.js";
import { type AuditLine, auditLines, placeboFinding } from "../audit-words.js";
import { type HonestyRow, honestyRows, isSkipped, trainingOf } from "../findings.js";
import { interval, score } from "../format.js";
import { type Html, html } from "../html.js";
import { honestyPlot } from "../plots/honesty.js";
import { VERDICTS } from "../words.js";
import { figure, section } from "./section.js";
import { skippedCard } from "./skipped.js";

const LEAD =
  "A score is worth what it is on users whose future was unknown. Beside the honest score stands the usual leaky recipe, and under each the placebo: the same recipe on made-up events, where only chance can be right.";

/** The honest score beside the leaky one and the placebo of each; then the audits. */
export function honesty(document: RunDocument): Html {
  const rows = honestyRows(document);
  const body = rows.some(({ auc }) => auc !== null) ? comparison(rows) : null;
  return section(
    { id: "honest", title: "How honest is it?", lead: LEAD },
    html`<div class="stack">${body}${audits(document)}${skippedCards(document)}</div>`,
  );
}

/** One card where both were skipped for the same reason. */
function skippedCards({ training, wholeHistory }: RunDocument): readonly (Html | null)[] {
  const leaky = isSkipped(wholeHistory) ? wholeHistory : null;
  if (!isSkipped(training)) return [leaky && skippedCard("The whole-history comparison", leaky)];
  if (leaky?.skipped.code === training.skipped.code) return [skippedCard("Training, by either recipe,", training)];
  return [
    skippedCard("Training, point in time,", training),
    leaky && skippedCard("The whole-history comparison", leaky),
  ];
}

function comparison(rows: readonly HonestyRow[]): Html {
  const reading =
    "Dots: mean AUC. Lines: 95% intervals by bootstrap over users; 99.9% for the placebo. A recipe is honest if its placebo sits on the dashed line.";
  return figure(
    "Honest, leaky, placebo",
    reading,
    html`<div class="wide">${honestyPlot(rows, { id: "honesty", width: 860, namesAbove: false })}</div><div class="narrow">${honestyPlot(rows, { id: "honesty-narrow", width: 360, namesAbove: true })}</div>`,
    html`<details><summary>The figures</summary><table><caption>ROC AUC of each recipe</caption><thead><tr><th scope="col">Recipe</th><th scope="col" class="n">AUC</th><th scope="col" class="n">Interval</th></tr></thead><tbody>${rows.map(
      (row) =>
        html`<tr><th scope="row">${row.label}</th><td class="n">${score(row.auc)}</td><td class="n">${interval(row)}<span class="range">${row.confidence}%</span></td></tr>`,
    )}</tbody></table></details>`,
  );
}

function audits(document: RunDocument): Html | null {
  const lines: AuditLine[] = document.audits === null ? [] : [...auditLines(document.audits)];
  const leaky = trainingOf(document.wholeHistory)?.audits;
  if (leaky != null) {
    const { verdict } = leaky.placebo;
    lines.push({ name: "Placebo churn, whole history (leaky)", verdict, finding: placeboFinding(leaky.placebo) });
  }
  if (lines.length === 0) return null;
  return html`<div class="card"><table class="cards"><caption>Audits: a model that fails one cannot be promoted</caption><thead><tr><th scope="col">Audit</th><th scope="col">Verdict</th><th scope="col">What was found</th></tr></thead><tbody>${lines.map(
    ({ name, verdict, finding }) =>
      html`<tr><th scope="row">${name}</th><td>${verdict === null ? "Reported" : html`<span class="badge ${verdict}">${VERDICTS[verdict]}</span>`}</td><td class="full">${finding}</td></tr>`,
  )}</tbody></table></div>`;
}
