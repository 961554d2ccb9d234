import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { asInstant, MS_PER_DAY } from "#src/base/time.js";
import type { World } from "#src/base/world.js";
import { POINT_IN_TIME_SHAPE } from "#src/evaluate/splits.js";
import { cancellation } from "#src/labels/cancellation.js";
import { ingest } from "#src/pipeline/ingest.js";
import { checkDrift } from "#src/pipeline/loop/drift-check.js";
import { observeDays } from "#src/pipeline/loop/observe.js";
import { readObservedDays } from "#src/pipeline/loop/observed-table.js";
import { loadEvents } from "#src/pipeline/recover.js";
import { simulateToFiles } from "#src/pipeline/simulate.js";
import { train } from "#src/pipeline/train.js";
import { SIMULATE_DEFAULTS } from "#src/simulate/options.js";
import { openLiveDb } from "#src/store/live/open-live-db.js";
import { table } from "../measure.js";

const DAYS = 130;
const LEARNED_DAYS = 63;
const CHANGE_DAY = 85;
const WINDOW_DAYS = 14;
/** As many come in a year as leave. */
const GROWTH = 1.4;

interface Lived {
  readonly checks: number;
  readonly alarmed: readonly number[];
  /** Days from the change to the first alarm after it; null without a change, or an alarm. */
  readonly delay: number | null;
}

/** A SIMULATED log whose first 63 days are learned from, and checked day by day from then on. */
async function live(
  { users, seed, scenario, models }: { users: number; seed: number; scenario: "steady" | "drift"; models: string[] },
  folder: string,
  world: World,
): Promise<Lived> {
  const home = mkdtempSync(join(folder, "home-"));
  const log = join(home, "log.jsonl");
  const changeDay = scenario === "drift" ? { changeDay: CHANGE_DAY } : {};
  const options = { ...SIMULATE_DEFAULTS, users, days: DAYS, seed, scenario, growth: GROWTH, ...changeDay };
  await simulateToFiles(options, { out: log, truth: null }, world);
  const lines = readFileSync(log, "utf8")
    .split("\n")
    .filter((line) => line !== "");
  const startMs = MS_PER_DAY * Math.floor(Math.min(...lines.slice(0, 100).map(tsOf)) / MS_PER_DAY);
  const learnedUntil = startMs + LEARNED_DAYS * MS_PER_DAY;
  const add = async (name: string, some: readonly string[]) => {
    writeFileSync(join(home, name), `${some.join("\n")}\n`);
    await ingest(home, [join(home, name)], {}, world);
  };
  await add(
    "learned.jsonl",
    lines.filter((line) => tsOf(line) < learnedUntil),
  );
  const columns = await loadEvents(home, world);
  const training = { models, search: "none", seeds: 0, label: cancellation, shape: POINT_IN_TIME_SHAPE } as const;
  await train({ home, columns, protocol: "point-in-time", options: training }, world);
  await add(
    "later.jsonl",
    lines.filter((line) => tsOf(line) >= learnedUntil),
  );
  const db = await openLiveDb({ home }, world);
  await observeDays({ db, home }, { observedUsers: 5_000, observeCatchUpDays: DAYS - LEARNED_DAYS - 2 }, world);
  const alarmed: number[] = [];
  const days = (await readObservedDays(db)).slice(WINDOW_DAYS - 1);
  for (const { cutoffMs } of days) {
    const options = { at: asInstant(cutoffMs + 1), alarmBudget: 1, driftWindowDays: WINDOW_DAYS };
    const { drifted } = await checkDrift(db, home, options, world);
    if (drifted) alarmed.push(Math.floor((cutoffMs - startMs) / MS_PER_DAY));
  }
  await db.close();
  const first = alarmed.find((day) => day >= CHANGE_DAY);
  return {
    checks: days.length,
    alarmed,
    delay: scenario === "steady" || first === undefined ? null : first - CHANGE_DAY,
  };
}

const tsOf = (line: string): number => Number(/"ts":(\d+)/.exec(line)?.[1]);

/** Alarms of the live rule where nothing changes, and the days until it sees that adverts and thumbs down do. */
export async function liveWorlds(
  { users, seeds, models }: { users: number; seeds: readonly number[]; models: string[] },
  folder: string,
  world: World,
): Promise<string> {
  const rows: string[][] = [];
  for (const scenario of ["steady", "drift"] as const) {
    for (const seed of seeds) {
      const { checks, alarmed, delay } = await live({ users, seed, scenario, models }, folder, world);
      const wrong = scenario === "steady" ? alarmed : alarmed.filter((day) => day < CHANGE_DAY);
      const told = scenario === "steady" ? "–" : delay === null ? "not seen" : `${delay} days`;
      rows.push([scenario, `${seed}`, `${checks}`, `${wrong.length}`, told]);
    }
  }
  return [
    `SIMULATED: ${users} users, ${DAYS} days, learned from the first ${LEARNED_DAYS}; in drift adverts come 1.5 and thumbs down 2 times as often from day ${CHANGE_DAY} on.\n`,
    table(["scenario", "seed", "daily checks", "false alarms", "seen after"], rows),
  ].join("\n");
}
