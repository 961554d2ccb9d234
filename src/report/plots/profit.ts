import type { OperatingPoint } from "../../schema/decisions-document.js";
import { count, percent } from "../format.js";
import type { Html } from "../html.js";
import { chanceLine, curve, LABELS, PANEL, PANEL_GRID, PERCENT_LABELS, reference, xAxis, yAxis } from "./axes.js";
import { draw } from "./draw.js";

/** What contacting the riskiest share brings, against contacting nobody. */
export function profitPlot(points: readonly OperatingPoint[]): Html {
  const drawn = points.map(
    ({ contactedShare, profitPerThousand }) => [contactedShare, profitPerThousand ?? 0] as const,
  );
  const best = drawn.reduce((a, b) => (b[1] > a[1] ? b : a), [0, 0] as const);
  return draw({
    id: "profit",
    label: `Profit a thousand rows by share contacted, riskiest first: highest ${count(best[1])} at ${percent(best[0])}; 0 is contacting nobody.`,
    ...PANEL,
    option: {
      grid: { ...PANEL_GRID, left: 60 },
      xAxis: xAxis("Share contacted, riskiest first", { min: 0, max: 1, axisLabel: PERCENT_LABELS }),
      yAxis: yAxis("Profit a thousand rows", { nameGap: 46, splitNumber: 4, axisLabel: LABELS }),
      series: [curve(drawn, { markLine: chanceLine({ yAxis: 0 }) })],
    },
  });
}

/** Of those about to leave, the share that contacting so many reaches. */
export function gainPlot(points: readonly OperatingPoint[]): Html {
  const drawn = points.map(({ contactedShare, reachedShare }) => [contactedShare, reachedShare] as const);
  const unit = { min: 0, max: 1, splitNumber: 4, axisLabel: PERCENT_LABELS };
  return draw({
    id: "gain",
    label: `Share of those about to leave that is reached by contacting the riskiest: ${drawn
      .filter((_, i) => i % 4 === 0)
      .map(([contacted, reached]) => `${percent(contacted)} reach ${percent(reached)}`)
      .join(", ")}.`,
    ...PANEL,
    option: {
      grid: PANEL_GRID,
      xAxis: xAxis("Share contacted, riskiest first", unit),
      yAxis: yAxis("Share of them reached", unit),
      series: [reference([0, 0], [1, 1]), curve(drawn)],
    },
  });
}
