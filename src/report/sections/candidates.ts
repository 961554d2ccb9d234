import type { Intervals, MetricName, Metrics, TrainingDocument } from "../../schema/documents.js";
import { bestCandidate } from "../findings.js";
import { interval, percent, score } from "../format.js";
import { type Html, html } from "../html.js";
import { METRIC_LABELS, modelName, paramsText, rivalName } from "../words.js";
import { section } from "./section.js";

const SHOWN = [
  "averagePrecision",
  "rocAuc",
  "liftAt10",
  "brier",
  "brierSkill",
  "ece",
  "calibrationSlope",
  "f1",
  "precision",
  "recall",
] as const satisfies readonly MetricName[];

const DIGITS: Partial<Record<MetricName, number>> = {
  brier: 4,
  ece: 4,
  brierSkill: 4,
  liftAt10: 2,
  calibrationSlope: 2,
};

/** Every candidate and every trivial rival in one table, with intervals. */
export function candidates(training: TrainingDocument): Html {
  const best = bestCandidate(training);
  const lead = `All that was tried, and trivial rules in the same table. Small: 95% intervals, bootstrap over users. F1, precision and recall are of those who cancel, at each test block's own threshold${best === null ? "" : ` (the model that serves: ${score(best.threshold)}, ${best.thresholdWhy})`}.`;
  const head = SHOWN.map((metric) => html`<th scope="col" class="n">${METRIC_LABELS[metric]}</th>`);
  const models = training.candidates.map((candidate) =>
    row(
      html`${modelName(candidate.model)}${candidate === best && html` <span class="badge passed">chosen</span>`}<br><span class="soft small">${paramsText(candidate.params)}; ${candidate.calibration}</span>`,
      candidate,
      candidate === best,
    ),
  );
  const rivals = Object.entries(training.rivals).map(([name, rival]) => row(html`${rivalName(name)}`, rival, false));
  return section(
    { id: "candidates", title: "What was tried?", lead },
    html`<div class="card"><div class="scroll" role="region" aria-label="Candidates" tabindex="0"><table><caption>Candidates, then trivial rivals; base rate ${percent(training.baseRate)}</caption><thead><tr><th scope="col" style="min-width:200px">Model</th>${head}</tr></thead><tbody>${models}</tbody><tbody>${rivals}</tbody></table></div></div>`,
  );
}

interface Measured {
  readonly metrics: Metrics;
  readonly intervals: Intervals;
}

function row(name: Html, { metrics, intervals }: Measured, best: boolean): Html {
  const cells = SHOWN.map((metric) => {
    const bounds = intervals[metric];
    const range =
      bounds === undefined ? null : html`<span class="range">${interval(bounds, DIGITS[metric] ?? 3)}</span>`;
    return html`<td class="n">${score(metrics[metric], DIGITS[metric] ?? 3)}${range}</td>`;
  });
  return html`<tr class="${best ? "best" : ""}"><th scope="row">${name}</th>${cells}</tr>`;
}
