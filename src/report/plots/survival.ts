import type { SurvivalCurve } from "../../schema/explore-document.js";
import { counted, percent } from "../format.js";
import type { Html } from "../html.js";
import { LIGHT, type Role } from "../tokens.js";
import { LABELS, PANEL, PANEL_GRID, PERCENT_LABELS, xAxis, yAxis } from "./axes.js";
import { draw } from "./draw.js";

export const PLAN_ROLES = {
  free: "leaky",
  paid: "honest",
  unknown: "placebo",
} as const satisfies Record<SurvivalCurve["plan"], Role>;

type Point = readonly [x: number, y: number];
interface Drawing {
  coord(point: Point): Point;
}

/** Kaplan–Meier curves, a step line each, in bands of their 95% intervals; to the end of the data. */
export function survivalPlot(curves: readonly SurvivalCurve[], endDay: number): Html {
  const lowest = Math.min(1, ...curves.flatMap(({ points }) => points.map(({ low }) => low)));
  const said = curves.map(
    ({ plan, users, points }) =>
      `${plan}, ${counted(users, "user")}: ${percent(points.at(-1)?.survival ?? 1)} left at the end`,
  );
  return draw({
    id: "survival",
    label: `Share of users who have not cancelled, by days since their first event. ${said.join("; ")}.`,
    width: PANEL.width,
    height: PANEL.height,
    option: {
      grid: PANEL_GRID,
      xAxis: xAxis("Days since the user's first event", {
        min: 0,
        max: endDay,
        axisLabel: { ...LABELS, showMaxLabel: false, formatter: (day: number) => String(Math.round(day)) },
      }),
      yAxis: yAxis("Have not cancelled", {
        min: Math.max(0, Math.floor(lowest * 10 - 0.01) / 10),
        max: 1,
        splitNumber: 4,
        axisLabel: PERCENT_LABELS,
      }),
      series: curves.flatMap((curve) => [band(curve, endDay), line(curve, endDay)]),
    },
  });
}

function line({ plan, points }: SurvivalCurve, endDay: number): object {
  const last = points.at(-1)?.survival ?? 1;
  return {
    type: "line",
    step: "end",
    silent: true,
    symbol: "none",
    data: [[0, 1], ...points.map(({ day, survival }) => [day, survival]), [endDay, last]],
    lineStyle: { color: LIGHT[PLAN_ROLES[plan]], width: 2.5 },
  };
}

function band({ plan, points }: SurvivalCurve, endDay: number): object {
  const edge = (of: "low" | "high") =>
    steps(
      points.map((point) => [point.day, point[of]] as const),
      endDay,
    );
  const outline = [...edge("high"), ...edge("low").reverse()];
  return {
    type: "custom",
    silent: true,
    data: [[0, 1]],
    renderItem: (_: unknown, api: Drawing) => ({
      type: "polygon",
      shape: { points: outline.map((point) => api.coord(point)) },
      style: { fill: LIGHT[PLAN_ROLES[plan]], opacity: 0.16 },
    }),
  };
}

/** The corners of a step function that starts at 1. */
function steps(points: readonly Point[], endDay: number): Point[] {
  const corners: Point[] = [[0, 1]];
  let level = 1;
  for (const [x, y] of points) {
    corners.push([x, level], [x, y]);
    level = y;
  }
  return [...corners, [endDay, level]];
}
