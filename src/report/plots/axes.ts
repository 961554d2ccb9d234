import { LIGHT } from "../tokens.js";

const LABEL = { color: LIGHT.soft, fontSize: 12 };
const QUIET = {
  nameTextStyle: LABEL,
  nameLocation: "middle",
  axisTick: { show: false },
  axisLine: { lineStyle: { color: LIGHT.line } },
  splitLine: { lineStyle: { color: LIGHT.grid } },
} as const;

/** The small plots: one column of a phone, a third of a desk. */
export const PANEL = { width: 380, height: 300 } as const;
export const PANEL_GRID = { left: 52, right: 16, top: 14, bottom: 48 } as const;

export function xAxis(name: string, more: object = {}): object {
  return { type: "value", name, nameGap: 30, ...QUIET, axisLabel: LABEL, ...more };
}

export function yAxis(name: string, more: object = {}): object {
  return { type: "value", name, nameGap: 38, ...QUIET, axisLabel: LABEL, ...more };
}

/** Axis labels of a share; few digits, since readers compare shapes here. */
export const PERCENT_LABELS = {
  ...LABEL,
  formatter: (share: number) => `${Number((share * 100).toFixed(1))}%`,
};

export const LABELS = LABEL;

/** Text that stays readable where a line runs under it. */
export const HALO = { textBorderColor: LIGHT.card, textBorderWidth: 3 } as const;

/** A dashed line to compare with: chance, the base rate, perfection. */
export function reference(from: readonly [number, number], to: readonly [number, number]): object {
  return {
    type: "line",
    data: [from, to],
    symbol: "none",
    silent: true,
    lineStyle: { color: LIGHT.placebo, width: 1.5, type: [5, 4] },
  };
}

export function curve(points: readonly (readonly [number, number])[], more: object = {}): object {
  return {
    type: "line",
    data: points,
    symbol: "none",
    silent: true,
    lineStyle: { color: LIGHT.honest, width: 2.5 },
    itemStyle: { color: LIGHT.honest },
    ...more,
  };
}

/** The dashed line at what chance alone would give. */
export function chanceLine(at: { readonly xAxis: number } | { readonly yAxis: number }) {
  return {
    z: 1,
    silent: true,
    symbol: "none",
    label: { show: false },
    lineStyle: { color: LIGHT.placebo, width: 1.5, type: [5, 4] },
    data: [at],
  };
}
