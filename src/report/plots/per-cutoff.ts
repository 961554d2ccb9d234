import type { PlotData } from "../../schema/documents.js";
import { count, score } from "../format.js";
import type { Html } from "../html.js";
import { LIGHT } from "../tokens.js";
import { chanceLine, LABELS, PANEL, PANEL_GRID, xAxis, yAxis } from "./axes.js";
import { draw } from "./draw.js";

/** AUC of each test cutoff: does it hold from week to week? A larger dot rests on more rows where it happened. */
export function perCutoffPlot(cutoffs: PlotData["perCutoff"]): Html {
  const most = Math.max(1, ...cutoffs.map(({ churned }) => churned));
  const measured = cutoffs.flatMap(({ rocAuc }) => (rocAuc === null ? [] : [rocAuc]));
  const [low, high] = [Math.min(...measured), Math.max(...measured)];
  return draw({
    id: "cutoffs",
    label: `ROC AUC at ${count(measured.length)} test cutoffs, from ${score(low)} to ${score(high)}.`,
    ...PANEL,
    option: {
      grid: PANEL_GRID,
      xAxis: xAxis("Test cutoff", {
        type: "category",
        data: cutoffs.map(({ cutoff }) => cutoff.slice(5, 10)),
        splitLine: { show: false },
        axisLabel: { ...LABELS, hideOverlap: true },
      }),
      yAxis: yAxis("ROC AUC", { min: Math.min(0.4, Math.floor(low * 10) / 10), max: 1, axisLabel: LABELS }),
      series: [
        {
          type: "line",
          silent: true,
          data: cutoffs.map(({ rocAuc, churned }) => ({
            value: rocAuc ?? "-",
            symbolSize: 5 + 8 * Math.sqrt(churned / most),
          })),
          symbol: "circle",
          connectNulls: true,
          lineStyle: { color: LIGHT.honest, width: 1.5, opacity: 0.5 },
          itemStyle: { color: LIGHT.honest },
          markLine: chanceLine({ yAxis: 0.5 }),
        },
      ],
    },
  });
}
