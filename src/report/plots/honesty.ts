import type { HonestyRow } from "../findings.js";
import { interval, score } from "../format.js";
import type { Html } from "../html.js";
import { LIGHT } from "../tokens.js";
import { chanceLine, HALO, LABELS, xAxis } from "./axes.js";
import { draw } from "./draw.js";

export interface HonestySize {
  readonly id: string;
  readonly width: number;
  /** Names above their dots where there is no room beside them. */
  readonly namesAbove: boolean;
}

const ROW_PX = 62;
/** A name begins at the axis, over its row. */
const ABOVE = { inside: true, margin: 0, verticalAlign: "bottom", padding: [0, 0, 12, 0], ...HALO } as const;

/** One dot and its interval a line, all on one AUC axis with chance marked: a forest plot. */
export function honestyPlot(rows: readonly HonestyRow[], { id, width, namesAbove }: HonestySize): Html {
  const shown = rows.flatMap(({ auc, low, high }) => [auc, low, high]).filter((value) => value !== null);
  const min = Math.min(0.4, Math.floor(Math.min(...shown) * 10) / 10);
  return draw({
    id,
    label: `ROC AUC with intervals: ${rows.map((row) => `${row.label} ${score(row.auc)} (${interval(row)})`).join("; ")}. 0.5 is chance.`,
    width,
    height: rows.length * ROW_PX + 58,
    option: {
      grid: { left: namesAbove ? 14 : 182, right: 22, top: 6, bottom: 50 },
      xAxis: xAxis("ROC AUC (0.5 is chance)", { min, max: 1, interval: 0.1, axisLabel: LABELS }),
      yAxis: {
        type: "category",
        inverse: true,
        data: rows.map(({ label, auc }) => (namesAbove ? `${label}  ${score(auc)}` : label)),
        axisTick: { show: false },
        axisLine: { show: false },
        axisLabel: { color: LIGHT.ink, fontSize: 13, ...(namesAbove ? ABOVE : {}) },
      },
      series: [intervals(rows), dots(rows, namesAbove)],
    },
  });
}

function intervals(rows: readonly HonestyRow[]): object {
  const drawn = rows.flatMap(({ kind, low, high }, at) =>
    low === null || high === null ? [] : [{ kind, low, high, at }],
  );
  return {
    type: "custom",
    silent: true,
    data: drawn.map(({ low, high, at }) => [low, high, at]),
    encode: { x: [0, 1], y: 2 },
    renderItem: (
      { dataIndex }: { readonly dataIndex: number },
      api: { value(dimension: number): number; coord(point: readonly number[]): readonly [number, number] },
    ) => {
      const [x1, y] = api.coord([api.value(0), api.value(2)]);
      const [x2] = api.coord([api.value(1), api.value(2)]);
      const stroke = LIGHT[drawn[dataIndex]?.kind ?? "placebo"];
      return {
        type: "line",
        shape: { x1, x2, y1: y, y2: y },
        style: { stroke, lineWidth: 4, opacity: 0.45, lineCap: "round" },
      };
    },
  };
}

function dots(rows: readonly HonestyRow[], named: boolean): object {
  return {
    type: "scatter",
    silent: true,
    symbolSize: 13,
    data: rows.flatMap(({ kind, auc }, at) =>
      auc === null
        ? []
        : [
            {
              value: [auc, at],
              symbol: kind === "placebo" ? "diamond" : "circle",
              itemStyle: { color: LIGHT[kind], opacity: 1 },
              label: {
                show: !named,
                position: "top",
                distance: 8,
                fontSize: 13,
                fontWeight: 600,
                ...HALO,
                color: LIGHT.ink,
                formatter: () => score(auc),
              },
            },
          ],
    ),
    markLine: chanceLine({ xAxis: 0.5 }),
  };
}
