import type { Intervals, MetricName, Metrics, TrainingDocument } from "../../schema/documents.js";
import { labelWords } from "../../schema/label-words.js";
import { bestCandidate } from "../findings.js";
import { interval, percent, score } from "../format.js";
import { type Html, html } from "../html.js";
import { METRIC_LABELS, modelName, paramsText, rivalName } from "../words.js";
import { section } from "./section.js";
import { tuning } from "./tuning.js";

/** Two tables, so that neither is wider than the page. */
const TABLES = {
  "How well they rank, and what is called at the threshold": [
    "averagePrecision",
    "rocAuc",
    "liftAt10",
    "f1",
    "precision",
    "recall",
  ],
  "How far the probabilities can be trusted": ["brier", "brierSkill", "logLoss", "ece", "calibrationSlope"],
} as const satisfies Record<string, readonly MetricName[]>;

const DIGITS: Partial<Record<MetricName, number>> = {
  brier: 4,
  ece: 4,
  brierSkill: 4,
  liftAt10: 2,
  calibrationSlope: 2,
};

/** Every candidate and every trivial rival, with intervals. */
export function candidates(training: TrainingDocument): Html {
  const best = bestCandidate(training);
  const lead = `All that was tried, and trivial rules in the same tables. Small: 95% intervals, bootstrap over users. F1, precision and recall are of those who ${labelWords(training.label).verb}, at each test block's own threshold${best === null ? "" : ` (the model that serves: ${score(best.threshold)}, ${best.thresholdWhy})`}.`;
  const tables = Object.entries(TABLES).map(([title, metrics]) => table(training, { title, metrics }));
  return section(
    { id: "candidates", title: "What was tried?", lead },
    html`<div class="stack">${tables}</div>`,
    tuning(training),
  );
}

function table(
  training: TrainingDocument,
  { title, metrics }: { title: string; metrics: readonly MetricName[] },
): Html {
  const best = bestCandidate(training);
  const head = metrics.map((metric) => html`<th scope="col" class="n">${METRIC_LABELS[metric]}</th>`);
  const models = training.candidates.map((candidate) =>
    row(
      html`${modelName(candidate.model)}${candidate === best && html` <span class="badge passed">chosen</span>`}<br><span class="soft small">${paramsText(candidate.params)}; ${candidate.calibration}</span>`,
      { ...candidate, shown: metrics },
      candidate === best,
    ),
  );
  const rivals = Object.entries(training.rivals).map(([name, rival]) =>
    row(html`${rivalName(name, labelWords(training.label))}`, { ...rival, shown: metrics }, false),
  );
  return html`<div class="card"><div class="scroll" role="region" aria-label="${title}" tabindex="0"><table><caption>${title}; base rate ${percent(training.baseRate)}</caption><thead><tr><th scope="col" style="min-width:200px">Model</th>${head}</tr></thead><tbody>${models}</tbody><tbody>${rivals}</tbody></table></div></div>`;
}

interface Measured {
  readonly metrics: Metrics;
  readonly intervals: Intervals;
  readonly shown: readonly MetricName[];
}

function row(name: Html, { metrics, intervals, shown }: Measured, best: boolean): Html {
  const cells = shown.map((metric) => {
    const bounds = intervals[metric];
    const range =
      bounds === undefined ? null : html`<span class="range">${interval(bounds, DIGITS[metric] ?? 3)}</span>`;
    return html`<td class="n">${score(metrics[metric], DIGITS[metric] ?? 3)}${range}</td>`;
  });
  return html`<tr class="${best ? "best" : ""}"><th scope="row">${name}</th>${cells}</tr>`;
}
