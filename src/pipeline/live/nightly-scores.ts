import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Instant, isoOf, MS_PER_HOUR } from "../../base/time.js";
import type { World } from "../../base/world.js";
import type { ScoresDocument } from "../../schema/documents.js";
import type { LiveDb } from "../../store/live/live-db.js";
import { writeScores } from "../write-scores.js";

/** What is told of a night's scores to who asked for it. */
export interface NightlyMessage {
  readonly kind: "scores";
  /** The UTC day on which they were made. */
  readonly day: string;
  readonly modelVersion: string;
  readonly asOf: string;
  /** Whether listeners or training are made up by `refrain simulate`. */
  readonly simulated: boolean;
  /** Churn rate of the training rows. */
  readonly baseRate: number;
  /** How many users are at risk, all of whom are in the files. */
  readonly users: number;
  /** Names in the folder of the scores. */
  readonly files: readonly string[];
  /** The riskiest of them, with reasons. */
  readonly riskiest: ScoresDocument["users"];
}

export interface NightlyOptions {
  readonly home: string;
  /** UTC hour from which on a day's table is due. */
  readonly hour: number;
  /** Tables of earlier days are removed. */
  readonly keptDays: number;
  /** All scores as of now; null while there is nothing to score with. */
  scores(): Promise<ScoresDocument | null>;
  /** Null where nobody wants to be told. */
  readonly send: ((message: NightlyMessage) => Promise<void>) | null;
}

const RISKIEST_MAX = 100;
const ENDINGS = ["csv", "parquet"] as const;

export function nightlyFolder(home: string): string {
  return join(home, "reports", "scores");
}

/**
 * Once a day, from an hour on, writes the scores of all users at risk as CSV and Parquet and tells of it. Returns the day, null
 * where nothing was due. What fails before the day is noted is due again.
 */
export async function nightlyScores(db: LiveDb, options: NightlyOptions, world: World): Promise<string | null> {
  const now = world.now();
  const day = dayOf(now);
  if (hourOf(now) < options.hour || (await isMade(db, day))) return null;
  const document = await options.scores();
  if (document === null) return null;
  const folder = nightlyFolder(options.home);
  mkdirSync(folder, { recursive: true });
  const files = ENDINGS.map((ending) => `${day}.${ending}`);
  for (const file of files) await writeScores(join(folder, file), document, world);
  const { modelVersion, asOf, simulated, baseRate, users } = document;
  const riskiest = users.slice(0, RISKIEST_MAX);
  await options.send?.({
    kind: "scores",
    day,
    modelVersion,
    asOf,
    simulated,
    baseRate,
    users: users.length,
    files,
    riskiest,
  });
  await db.query("INSERT INTO score_days VALUES ($1, $2) ON CONFLICT DO NOTHING", [day, now]);
  sweep(folder, options.keptDays);
  return day;
}

async function isMade(db: LiveDb, day: string): Promise<boolean> {
  return (await db.query("SELECT 1 FROM score_days WHERE day = $1", [day])).length > 0;
}

function sweep(folder: string, keptDays: number): void {
  const tables = existsSync(folder) ? readdirSync(folder).filter((name) => /^\d{4}-\d\d-\d\d\./.test(name)) : [];
  const days = [...new Set(tables.map((name) => name.slice(0, 10)))].sort().reverse();
  const old = new Set(days.slice(keptDays));
  for (const name of tables) if (old.has(name.slice(0, 10))) rmSync(join(folder, name), { force: true });
}

function dayOf(now: Instant): string {
  return isoOf(now).slice(0, 10);
}

function hourOf(now: Instant): number {
  return Math.floor((now / MS_PER_HOUR) % 24);
}
