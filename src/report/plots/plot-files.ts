import type { TrainingDocument } from "../../schema/documents.js";
import { labelWords } from "../../schema/label-words.js";
import { bestCandidate } from "../findings.js";
import type { Html } from "../html.js";
import { declarations, LIGHT } from "../tokens.js";
import { liftPlot } from "./lift.js";
import { perCutoffPlot } from "./per-cutoff.js";
import { precisionRecallPlot } from "./precision-recall.js";
import { reliabilityPlot } from "./reliability.js";
import { rocPlot } from "./roc.js";

/** The plots of a training as SVG files of their own, by name; without a best candidate or its curves there are none. */
export function plotFiles(training: TrainingDocument): Record<string, string> {
  const { plots, baseRate, calibration } = training;
  const best = bestCandidate(training);
  if (best === null || plots === null) return {};
  const words = labelWords(training.label);
  const { rocAuc, averagePrecision, ece } = best.metrics;
  const { roc, precisionRecall, reliability, lift, perCutoff } = plots;
  const drawn: Record<string, Html | false> = {
    "roc.svg": roc.x.length > 0 && rocPlot(roc, rocAuc, words),
    "precision-recall.svg":
      precisionRecall.x.length > 0 && precisionRecallPlot(precisionRecall, { averagePrecision, baseRate, words }),
    "reliability.svg":
      reliability.x.length > 0 && reliabilityPlot(reliability, { ece, bins: calibration?.bins ?? [], words }),
    "lift.svg": lift.y.length > 0 && liftPlot(lift),
    "per-cutoff.svg": perCutoff.some((cutoff) => cutoff.rocAuc !== null) && perCutoffPlot(perCutoff),
  };
  return Object.fromEntries(
    Object.entries(drawn).flatMap(([name, plot]) => (plot === false ? [] : [[name, standalone(plot)]])),
  );
}

/** A drawing of a page as a file: with the page's colours and type in it. */
function standalone({ text }: Html): string {
  const style = `${declarations(LIGHT)}background:${LIGHT.card};font-family:sans-serif`;
  return `${text.replace("<svg ", `<svg xmlns="http://www.w3.org/2000/svg" style="${style}" `)}\n`;
}
