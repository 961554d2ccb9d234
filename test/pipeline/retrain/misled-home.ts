import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { asInstant, MS_PER_DAY } from "../../../src/base/time.js";
import type { World } from "../../../src/base/world.js";
import { POINT_IN_TIME_SHAPE } from "../../../src/evaluate/splits.js";
import { eventsUntil } from "../../../src/evaluate/take-events.js";
import { cancellation } from "../../../src/labels/cancellation.js";
import { load } from "../../../src/pipeline/load.js";
import { train } from "../../../src/pipeline/train.js";
import type { EventColumns } from "../../../src/schema/event-columns.js";
import { PAGE } from "../../../src/schema/pages.js";
import { FEW_DRAWS } from "../simulated-home.js";
import { plainLog } from "./plain-world.js";

const [USERS, DAYS] = [240, 80];
const CHAMPION_AGE_DAYS = 35;

/** Quick to train, and audited all the same. */
export const QUICK = {
  models: ["logistic"],
  search: "none",
  seeds: 0,
  label: cancellation,
  shape: POINT_IN_TIME_SHAPE,
  procedure: FEW_DRAWS,
} as const;

/**
 * A home of the plain world, whose champion learned from cancellations that happened to others: a candidate has something to be better
 * than. Returns the end of its data, ms. @param registeredMs when the champion was made; absent: when what it knows ends
 */
export async function misledHome(home: string, world: World, registeredMs?: number): Promise<number> {
  const log = join(dirname(home), "plain.jsonl");
  mkdirSync(dirname(home), { recursive: true });
  writeFileSync(log, plainLog(USERS, DAYS));
  const { columns } = await load(home, [log], { truth: null }, world);
  const endMs = columns.tsMs.reduce((last, ts) => Math.max(last, ts), 0);
  const knownMs = endMs - CHAMPION_AGE_DAYS * MS_PER_DAY;
  const misled = shuffledLabels(eventsUntil(columns, knownMs), 0);
  const then = { ...world, now: () => asInstant(registeredMs ?? knownMs) };
  await train({ home, columns: misled, protocol: "point-in-time", options: QUICK }, then);
  return endMs;
}

/** Cancellations from a moment on happen to others. */
export function shuffledLabels(columns: EventColumns, fromMs: number): EventColumns {
  const page = columns.page.slice();
  const late = [...columns.tsMs.keys()].filter((row) => (columns.tsMs[row] ?? 0) > fromMs);
  const cancelled = late.filter((row) => page[row] === PAGE["Cancellation Confirmation"]);
  for (const row of cancelled) page[row] = PAGE.Home;
  cancelled.forEach((_, i) => {
    page[late[(i * 7919 + 13) % late.length] ?? 0] = PAGE["Cancellation Confirmation"];
  });
  return { ...columns, page };
}
