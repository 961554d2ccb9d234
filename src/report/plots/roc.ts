import type { CurvePoints } from "../../schema/documents.js";
import type { LabelWords } from "../../schema/label-words.js";
import { score } from "../format.js";
import type { Html } from "../html.js";
import { LIGHT } from "../tokens.js";
import { curve, LABELS, PANEL, PANEL_GRID, reference, xAxis, yAxis } from "./axes.js";
import { draw } from "./draw.js";
import { thin } from "./thin.js";

/** True positive rate against false positive rate; the diagonal is a coin. */
export function rocPlot(roc: CurvePoints, rocAuc: number | null, { verb }: LabelWords): Html {
  const unit = { min: 0, max: 1, interval: 0.25, axisLabel: LABELS };
  return draw({
    id: "roc",
    label: `ROC curve, area ${score(rocAuc)}; the diagonal, 0.500, is a coin.`,
    ...PANEL,
    option: {
      grid: PANEL_GRID,
      xAxis: xAxis("Share of the others, called in vain", unit),
      yAxis: yAxis(`Share of those who ${verb}, found`, unit),
      series: [reference([0, 0], [1, 1]), curve(thin(roc), { areaStyle: { color: LIGHT.honest, opacity: 0.08 } })],
    },
  });
}
