import { isoOf, MS_PER_DAY } from "../../base/time.js";
import type { VolumesDocument } from "../../schema/explore-document.js";
import { counted } from "../format.js";
import type { Html } from "../html.js";
import type { Role } from "../tokens.js";
import { barsPlot } from "./bars.js";

/** More bars than this are a hedge; days are then put together. */
const BARS_MAX = 130;

export interface DailySize {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

type Measure = "events" | "users" | "cancelled";

const WORDS = {
  events: { y: "Events", role: "honest" },
  users: { y: "Users", role: "honest" },
  cancelled: { y: "Cancellations", role: "bad" },
} as const satisfies Record<Measure, { y: string; role: Role }>;

/** How many days a bar of `dailyPlot` stands for. */
export function daysPerBar({ firstTs, lastTs }: VolumesDocument): number {
  const days = Math.floor(lastTs / MS_PER_DAY) - Math.floor(firstTs / MS_PER_DAY) + 1;
  return Math.ceil(days / BARS_MAX);
}

/** A measure by day, days without an event included; in long logs the mean of several days. */
export function dailyPlot(volumes: VolumesDocument, measure: Measure, size: DailySize): Html {
  const step = daysPerBar(volumes);
  const first = Math.floor(volumes.firstTs / MS_PER_DAY);
  const last = Math.floor(volumes.lastTs / MS_PER_DAY);
  const values = new Array<number>(Math.floor((last - first) / step) + 1).fill(0);
  for (const row of volumes.perDay) {
    const bar = Math.floor((Date.parse(row.day) / MS_PER_DAY - first) / step);
    if (bar in values) values[bar] = (values[bar] ?? 0) + row[measure] / step;
  }
  const names = values.map((_, bar) =>
    isoOf((first + bar * step) * MS_PER_DAY).slice(step * BARS_MAX > 366 ? 0 : 5, 10),
  );
  const { y, role } = WORDS[measure];
  return barsPlot({
    ...size,
    label: `${y} a day over ${counted(last - first + 1, "day")}, at most ${Math.round(Math.max(...values))}.`,
    x: step === 1 ? "Day, UTC" : `Day, UTC; a bar is the mean of ${step} days`,
    y: `${y} a day`,
    names,
    values,
    role,
    touching: true,
  });
}
