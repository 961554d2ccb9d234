import type { Html } from "../html.js";
import { LIGHT, type Role } from "../tokens.js";
import { chanceLine, LABELS, PANEL, PANEL_GRID, xAxis, yAxis } from "./axes.js";
import { draw } from "./draw.js";

export interface Bars {
  readonly id: string;
  /** What the plot shows, with its figures, for those who hear the page. */
  readonly label: string;
  readonly x: string;
  readonly y: string;
  readonly names: readonly string[];
  readonly values: readonly number[];
  readonly role?: Role;
  readonly width?: number;
  readonly height?: number;
  /** A dashed line to compare with. */
  readonly level?: number;
  /** Bars of a histogram touch. */
  readonly touching?: boolean;
}

/** Bars over names, from zero. */
export function barsPlot({ id, label, x, y, names, values, role = "honest", level, touching, ...size }: Bars): Html {
  return draw({
    id,
    label,
    width: size.width ?? PANEL.width,
    height: size.height ?? PANEL.height,
    option: {
      grid: { ...PANEL_GRID, left: 58 },
      xAxis: xAxis(x, {
        type: "category",
        data: names,
        splitLine: { show: false },
        axisLabel: { ...LABELS, hideOverlap: true },
      }),
      yAxis: yAxis(y, { min: 0, splitNumber: 4, nameGap: 44, axisLabel: { ...LABELS, formatter: short } }),
      series: [
        {
          type: "bar",
          silent: true,
          data: values,
          barCategoryGap: touching === true ? "6%" : "24%",
          itemStyle: { color: LIGHT[role], borderRadius: [2, 2, 0, 0] },
          ...(level === undefined ? {} : { markLine: chanceLine({ yAxis: level }) }),
        },
      ],
    },
  });
}

/** `1,200,000` as `1.2M`: axis labels have little room. */
export function short(value: number): string {
  if (Math.abs(value) >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`;
  if (Math.abs(value) >= 1e4) return `${Number((value / 1e3).toPrecision(3))}k`;
  return String(Number(value.toPrecision(3)));
}
