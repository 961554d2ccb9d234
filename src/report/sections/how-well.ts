import type { ReliabilityBin } from "../../schema/decisions-document.js";
import type { CandidateDocument, Metrics, PlotData, TrainingDocument } from "../../schema/documents.js";
import { type LabelWords, labelWords } from "../../schema/label-words.js";
import { bestCandidate } from "../findings.js";
import { count, counted, interval, moment, percent, score, times } from "../format.js";
import { type Html, html } from "../html.js";
import { liftPlot } from "../plots/lift.js";
import { perCutoffPlot } from "../plots/per-cutoff.js";
import { precisionRecallPlot } from "../plots/precision-recall.js";
import { reliabilityPlot } from "../plots/reliability.js";
import { rocPlot } from "../plots/roc.js";
import { modelName, spoken } from "../words.js";
import { calibrationGroups } from "./calibration-groups.js";
import { facts, figure, section } from "./section.js";
import { whenTheyLeave } from "./when-they-leave.js";

/** The plots of the best candidate, from its pooled test predictions. */
export function howWell(training: TrainingDocument): Html | null {
  const best = bestCandidate(training);
  if (best === null || training.plots === null) return null;
  const words = labelWords(training.label);
  const lead = `${modelName(best.model)} on the pooled test blocks: ${counted(training.positives, "row")} with a ${words.noun} ahead, of ${counted(training.churnedUsersInTest, "user")}.`;
  return section(
    { id: "well", title: "How well does it work?", lead },
    html`<div class="grid">${panels(training, training.plots, best.metrics)}${atThreshold(best, words)}${whenTheyLeave(training.survival)}</div>`,
    training.calibration === undefined ? null : calibrationGroups(training.calibration, words),
  );
}

function panels(training: TrainingDocument, plots: PlotData, metrics: Metrics): readonly (Html | null)[] {
  const { baseRate, calibration } = training;
  const words = labelWords(training.label);
  const { averagePrecision, rocAuc, brier, brierSkill, ece, eceExpected } = metrics;
  const { roc, precisionRecall, reliability, lift, perCutoff } = plots;
  return [
    roc.x.length > 0
      ? figure("Ranking", `ROC AUC ${score(rocAuc)}. Dashed: a coin, 0.500.`, rocPlot(roc, rocAuc, words))
      : null,
    precisionRecall.x.length > 0
      ? figure(
          "Precision and recall",
          `Average precision ${score(averagePrecision)}. Dashed: the base rate, ${percent(baseRate)}.`,
          precisionRecallPlot(precisionRecall, { averagePrecision, baseRate, words }),
        )
      : null,
    reliability.x.length > 0
      ? figure(
          "Calibration",
          `Brier ${score(brier, 4)} (skill ${percent(brierSkill)}). ECE ${score(ece, 4)}; a perfect model stays below ${score(eceExpected, 4)} in 95% of tries.`,
          reliabilityPlot(reliability, { ece, bins: calibration?.bins ?? [], words }),
          binTable(reliability, calibration?.bins ?? [], words),
        )
      : null,
    lift.y.length > 0
      ? figure(
          `Where the ${words.nouns} are`,
          `The riskiest tenth, cutoff by cutoff: ${times(metrics.liftAt10)} the base rate.`,
          liftPlot(lift),
          liftTable(lift, baseRate, words),
        )
      : null,
    perCutoff.some((cutoff) => cutoff.rocAuc !== null)
      ? figure(
          "From cutoff to cutoff",
          `ROC AUC of each test cutoff; a larger dot rests on more ${words.nouns}.`,
          perCutoffPlot(perCutoff),
          cutoffTable(perCutoff, words),
        )
      : null,
  ];
}

/** What calling everyone above the threshold comes to. */
function atThreshold({ metrics, threshold, thresholdWhy }: CandidateDocument, { verb }: LabelWords): Html {
  return figure(
    "At the threshold",
    `The figures are at each test block's own threshold. The model that serves calls users from ${percent(threshold)}: ${thresholdWhy}.`,
    facts([
      [`Precision: of those called, ${verb}`, percent(metrics.precision)],
      [`Recall: of those who ${verb}, called`, percent(metrics.recall)],
      [`F1 of those who ${verb}`, score(metrics.f1)],
      ["Log loss", score(metrics.logLoss)],
      ["Calibration slope (1 is right)", score(metrics.calibrationSlope, 2)],
    ]),
  );
}

function binTable({ x, y }: PlotData["reliability"], bins: readonly ReliabilityBin[], { past }: LabelWords): Html {
  return html`<details><summary>The bins</summary><table><caption>Predicted and seen, by bin of equal mass</caption><thead><tr><th scope="col" class="n">Predicted</th><th scope="col" class="n">${spoken(past)}</th></tr></thead><tbody>${x.map(
    (predicted, i) =>
      html`<tr><td class="n">${percent(predicted)}</td><td class="n">${percent(y[i])}${range(bins[i])}</td></tr>`,
  )}</tbody></table></details>`;
}

function range(bin: ReliabilityBin | undefined): Html | null {
  return bin === undefined
    ? null
    : html`<span class="range">${interval({ low: 100 * bin.low, high: 100 * bin.high }, 1)}</span>`;
}

/** Tenths of the pooled test rows hold as many rows each, but for one. */
function liftTable({ y }: PlotData["lift"], baseRate: number, { past }: LabelWords): Html {
  const total = y.reduce((sum, lift) => sum + lift, 0);
  const found = (tenths: number) => y.slice(0, tenths).reduce((sum, lift) => sum + lift, 0) / total;
  return html`<details><summary>The tenths</summary><table><caption>Pooled test rows by predicted probability, riskiest first</caption><thead><tr><th scope="col">Tenth</th><th scope="col" class="n">${spoken(past)}</th><th scope="col" class="n">Lift</th><th scope="col" class="n">Found so far</th></tr></thead><tbody>${y.map(
    (lift, i) =>
      html`<tr><th scope="row">${i + 1}</th><td class="n">${percent(lift * baseRate)}</td><td class="n">${times(lift)}</td><td class="n">${percent(found(i + 1))}</td></tr>`,
  )}</tbody></table></details>`;
}

function cutoffTable(cutoffs: PlotData["perCutoff"], { past }: LabelWords): Html {
  return html`<details><summary>The cutoffs</summary><table><caption>Test cutoffs (UTC)</caption><thead><tr><th scope="col">Cutoff</th><th scope="col" class="n">Rows</th><th scope="col" class="n">${spoken(past)}</th><th scope="col" class="n">AUC</th></tr></thead><tbody>${cutoffs.map(
    ({ cutoff, rows, churned, rocAuc }) =>
      html`<tr><th scope="row">${moment(cutoff)}</th><td class="n">${count(rows)}</td><td class="n">${count(churned)}</td><td class="n">${score(rocAuc)}</td></tr>`,
  )}</tbody></table></details>`;
}
