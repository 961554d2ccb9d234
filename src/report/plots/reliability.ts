import type { ReliabilityBin } from "../../schema/decisions-document.js";
import type { CurvePoints } from "../../schema/documents.js";
import type { LabelWords } from "../../schema/label-words.js";
import { counted, score } from "../format.js";
import type { Html } from "../html.js";
import { LIGHT } from "../tokens.js";
import { curve, PANEL, PANEL_GRID, PERCENT_LABELS, reference, xAxis, yAxis } from "./axes.js";
import { draw } from "./draw.js";
import { thin } from "./thin.js";

/** The 95% interval of what was seen. */
function bar({ predicted, low, high }: ReliabilityBin): object {
  const line = { lineStyle: { color: LIGHT.honest, width: 1, opacity: 0.55 } };
  return curve(
    [
      [predicted, low],
      [predicted, high],
    ],
    line,
  );
}

/** Predicted against seen, in bins of equal mass; on the diagonal a probability means what it says. */
export function reliabilityPlot(
  reliability: CurvePoints,
  { ece, bins, words }: { ece: number | null; bins: readonly ReliabilityBin[]; words: LabelWords },
): Html {
  const { past, verb } = words;
  const points = thin(reliability);
  const most = Math.max(0.01, ...points.flat(), ...bins.map(({ high }) => high));
  const max = Math.min(1, Math.ceil(most * 1.08 * 20) / 20);
  const unit = { min: 0, max, splitNumber: 4, axisLabel: PERCENT_LABELS };
  return draw({
    id: "reliability",
    label: `Share that ${past} against predicted probability in ${counted(points.length, "bin")}, expected calibration error ${score(ece)}; the diagonal is perfect.`,
    ...PANEL,
    option: {
      grid: PANEL_GRID,
      xAxis: xAxis("Predicted probability, mean of the bin", unit),
      yAxis: yAxis(`Share that did ${verb}`, unit),
      series: [reference([0, 0], [max, max]), ...bins.map(bar), curve(points, { symbol: "circle", symbolSize: 8 })],
    },
  });
}
