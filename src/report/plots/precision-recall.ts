import type { CurvePoints } from "../../schema/documents.js";
import type { LabelWords } from "../../schema/label-words.js";
import { percent, score } from "../format.js";
import type { Html } from "../html.js";
import { curve, LABELS, PANEL, PANEL_GRID, reference, xAxis, yAxis } from "./axes.js";
import { draw } from "./draw.js";
import { thin } from "./thin.js";

/** Precision against recall; calling anyone at all gives the base rate. */
export function precisionRecallPlot(
  points: CurvePoints,
  figures: { readonly averagePrecision: number | null; readonly baseRate: number; readonly words: LabelWords },
): Html {
  const { averagePrecision, baseRate, words } = figures;
  return draw({
    id: "pr",
    label: `Precision against recall, average precision ${score(averagePrecision)}; the base rate is ${percent(baseRate)}.`,
    ...PANEL,
    option: {
      grid: PANEL_GRID,
      xAxis: xAxis(`Recall: share of those who ${words.verb}, found`, {
        min: 0,
        max: 1,
        interval: 0.25,
        axisLabel: LABELS,
      }),
      yAxis: yAxis(`Precision: of those called, ${words.verb}`, { min: 0, max: 1, interval: 0.25, axisLabel: LABELS }),
      series: [reference([0, baseRate], [1, baseRate]), curve(thin(points), { step: false })],
    },
  });
}
