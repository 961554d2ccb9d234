import type { FeatureDensity } from "../../schema/documents.js";
import type { Html } from "../html.js";
import { LIGHT, type Role } from "../tokens.js";
import { LABELS, PANEL, PANEL_GRID, PERCENT_LABELS, xAxis, yAxis } from "./axes.js";
import { short } from "./bars.js";
import { draw } from "./draw.js";

const HEIGHT = 240;

/** How a feature is spread among rows with a cancellation ahead and among the others. */
export function densityPlot({ feature, edges, kept, churned }: FeatureDensity, at: number): Html {
  const outline = (shares: readonly number[]) => [
    ...shares.map((share, bin) => [edges[bin] ?? 0, share] as const),
    [edges.at(-1) ?? 0, shares.at(-1) ?? 0] as const,
  ];
  const line = (shares: readonly number[], role: Role, area: number) => ({
    type: "line",
    step: "end",
    silent: true,
    symbol: "none",
    data: outline(shares),
    lineStyle: { color: LIGHT[role], width: 2 },
    areaStyle: { color: LIGHT[role], opacity: area },
  });
  return draw({
    id: `density-${at}`,
    label: `Histogram of ${feature} by label, from ${short(edges[0] ?? 0)} to ${short(edges.at(-1) ?? 0)}.`,
    width: PANEL.width,
    height: HEIGHT,
    option: {
      grid: PANEL_GRID,
      xAxis: xAxis("Value", {
        min: edges[0] ?? 0,
        max: edges.at(-1) ?? 1,
        splitNumber: 4,
        axisLabel: { ...LABELS, hideOverlap: true, showMaxLabel: false, formatter: short },
      }),
      yAxis: yAxis("Share of rows", { min: 0, splitNumber: 3, axisLabel: PERCENT_LABELS }),
      series: [line(kept, "placebo", 0.18), line(churned, "bad", 0.1)],
    },
  });
}
