import type { CurvePoints } from "../../schema/documents.js";
import { times } from "../format.js";
import type { Html } from "../html.js";
import { LIGHT } from "../tokens.js";
import { chanceLine, HALO, LABELS, PANEL, PANEL_GRID, xAxis, yAxis } from "./axes.js";
import { draw } from "./draw.js";

/** How much oftener it happens to each tenth of users than to the average one, riskiest first. */
export function liftPlot({ y }: CurvePoints): Html {
  return draw({
    id: "lift",
    label: `Rate by tenth of users, riskiest first, against the base rate: ${y.map(times).join(", ")}.`,
    ...PANEL,
    option: {
      grid: { ...PANEL_GRID, top: 26 },
      xAxis: xAxis("Tenth of users, riskiest first", {
        type: "category",
        data: y.map((_, i) => String(i + 1)),
        splitLine: { show: false },
      }),
      yAxis: yAxis("Times the base rate", { min: 0, splitNumber: 4, axisLabel: LABELS }),
      series: [
        {
          type: "bar",
          data: y.map((value) => ({ value, itemStyle: { color: value > 1 ? LIGHT.honest : LIGHT.placebo } })),
          barCategoryGap: "28%",
          silent: true,
          itemStyle: { borderRadius: [3, 3, 0, 0] },
          label: { show: true, position: "top", ...HALO, fontSize: 11, color: LIGHT.soft, formatter: liftLabel },
          markLine: chanceLine({ yAxis: 1 }),
        },
      ],
    },
  });
}

function liftLabel({ value }: { readonly value: number }): string {
  return value.toFixed(1);
}
