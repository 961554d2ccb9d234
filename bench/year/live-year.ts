import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { seededRng } from "#src/base/rng.js";
import { asInstant, type Instant, MS_PER_DAY, MS_PER_HOUR } from "#src/base/time.js";
import type { World } from "#src/base/world.js";
import type { Comparison } from "#src/evaluate/comparison.js";
import { POINT_IN_TIME_SHAPE } from "#src/evaluate/splits.js";
import { cancellation } from "#src/labels/cancellation.js";
import { ingest } from "#src/pipeline/ingest.js";
import { checkEvents } from "#src/pipeline/live/check-events.js";
import { LiveEvents } from "#src/pipeline/live/live-events.js";
import { LiveMemory } from "#src/pipeline/live/live-memory.js";
import { readObservedDays } from "#src/pipeline/loop/observed-table.js";
import { loadEvents } from "#src/pipeline/recover.js";
import { Ledger, type LedgerEntry } from "#src/pipeline/retrain/ledger.js";
import { train } from "#src/pipeline/train.js";
import { loadModel, readIndex } from "#src/registry/local.js";
import type { Config } from "#src/schema/config.js";
import type { LiveDb } from "#src/store/live/live-db.js";
import { openLiveDb } from "#src/store/live/open-live-db.js";
import { daysOfLog, type LogDay, midnightOf } from "./days-of-log.js";
import { freshBesideStale } from "./judge.js";
import { type DriftDay, loopOf } from "./loop-of.js";
import { shuffledDay } from "./poison.js";

/** What the service would be told: the last 90 days, for a place in which things change, and features for as long as they are judged. */
const CONFIG: Config = { retrainTrailingDays: 90, observedKeptDays: 80 };

/** A day is closed when the data have gone on for another after its end. */
const DAYS_OPEN = 2;

/** Days since the start of the log. */
export interface YearPlan {
  readonly trainDay: number;
  readonly poison: { readonly from: number; readonly to: number };
  readonly judgedDays: number;
}

export interface YearFigures {
  readonly retrainings: readonly LedgerEntry[];
  readonly checks: readonly DriftDay[];
  readonly lastMonths: Comparison;
  readonly startMs: number;
}

interface Living {
  readonly home: string;
  readonly db: LiveDb;
  readonly world: { at: Instant } & World;
}

/** Lives a log day by day in a home, by the handlers of the service and a clock of its own. */
export async function liveYear(log: string, folder: string, plan: YearPlan, given: World): Promise<YearFigures> {
  const home = join(folder, "home");
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  const world = { ...given, at: asInstant(0), now: () => world.at };
  const db = await openLiveDb({ home }, world);
  try {
    return await lived({ home, db, world }, { log, folder, plan });
  } finally {
    await db.close();
  }
}

async function lived(
  { home, db, world }: Living,
  { log, folder, plan }: { log: string; folder: string; plan: YearPlan },
): Promise<YearFigures> {
  const rng = seededRng(world.seed).fork("poison");
  const championAt = new Map<number, string>();
  const live = new LiveEvents(db, world, new LiveMemory());
  const loop = loopOf(home, db, CONFIG, world);
  let startMs = Number.NaN;
  let first: ReturnType<typeof loadModel>["model"] | null = null;
  let closed: string[] = [];
  const open: (readonly string[])[] = [];
  for await (const day of daysOfLog(log)) {
    startMs = Number.isNaN(startMs) ? midnightOf(day) : startMs;
    const number = Math.round((midnightOf(day) - startMs) / MS_PER_DAY);
    const lines = linesOf(day, number, plan, rng);
    open.push(lines);
    if (open.length > DAYS_OPEN) closed.push(...(open.shift() ?? []));
    if (number < plan.trainDay + DAYS_OPEN) continue;
    world.at = asInstant(midnightOf(day) + MS_PER_DAY + 2 * MS_PER_HOUR);
    // The log of a day comes when it is closed, as a service brings it into the lake; an event of today shows that the data go on.
    await taken(home, folder, closed, world);
    await live.add(checkEvents([JSON.parse(lines.at(-1) ?? "{}")], world.now()).events);
    closed = [];
    if (first === null) {
      await trained(home, world);
      first = loadModel(home).model;
      continue;
    }
    const before = readIndex(home).champion ?? "";
    await loop.day();
    for (const { cutoffMs } of await readObservedDays(db, { fromMs: world.at - 10 * MS_PER_DAY, toMs: world.at })) {
      if (!championAt.has(cutoffMs)) championAt.set(cutoffMs, before);
    }
  }
  if (first === null) throw new Error("the log ends before the first training");
  const lastMonths = await freshBesideStale({ db, championAt, first, endMs: world.at, days: plan.judgedDays });
  return {
    retrainings: (await new Ledger(db).list({ limit: 1000 })).reverse(),
    checks: await loop.drift(startMs),
    lastMonths,
    startMs,
  };
}

function linesOf(
  day: LogDay,
  number: number,
  { poison }: YearPlan,
  rng: ReturnType<typeof seededRng>,
): readonly string[] {
  const isPoisoned = number >= poison.from && number < poison.to;
  return isPoisoned ? shuffledDay(day.lines, rng.fork(number)) : day.lines;
}

async function taken(home: string, folder: string, lines: readonly string[], world: World): Promise<void> {
  const path = join(folder, "day.jsonl");
  writeFileSync(path, `${lines.join("\n")}\n`);
  await ingest(home, [path], {}, world);
}

async function trained(home: string, world: World): Promise<void> {
  const columns = await loadEvents(home, world);
  const options = {
    models: ["logistic"],
    search: "grid",
    seeds: 0,
    label: cancellation,
    shape: POINT_IN_TIME_SHAPE,
  } as const;
  await train({ home, columns, protocol: "point-in-time", options }, world);
}
