import { takeColumns } from "../../base/matrix.js";
import type { Rng } from "../../base/rng.js";
import { onePerUser } from "../../monitor/drift/one-per-user.js";
import { QuantileSketch } from "../../monitor/drift/quantile-sketch.js";
import { type Sample, sampleOf, takeValues } from "../../monitor/drift/sample.js";
import type { LiveSql } from "../../store/live/live-db.js";
import {
  type CutoffRange,
  type Observed,
  readObserved,
  readObservedDays,
  readScored,
  type ScoredRows,
} from "./observed-table.js";
import { userRank } from "./user-rank.js";

/** About 500 bytes a row. */
const HELD_ROWS = 400_000;
/** What stands for a column that was sketched. */
const SKETCHED_ROWS = 5_000;

/** One row a user of a window. */
export interface WindowSamples {
  readonly users: number;
  /** By name. Values are rounded to 32 bits, as references are. */
  readonly features: ReadonlyMap<string, Sample>;
  /** Of one model; missing where it did not score the row. */
  readonly scores: Sample;
  readonly isSketched: boolean;
}

interface Window extends CutoffRange {
  readonly modelVersion: string;
  readonly heldRows?: number;
}

/** Rows of users nobody treated, and their scores by one model. */
interface WindowRows extends Pick<Observed, "features" | "x" | "users"> {
  readonly scores: Float64Array;
  readonly rows: Int32Array;
}

/**
 * The observed users of a window, one row each, drawn by `rng`; users to whom an offer was made are left out. Where there are more rows
 * than `heldRows` they are read a day at a time: each user's day is then drawn beforehand, and what is kept of a day is a sketch, which
 * merges with those of the others.
 */
export async function windowSamples(
  sql: LiveSql,
  { heldRows = HELD_ROWS, ...window }: Window,
  rng: Rng,
): Promise<WindowSamples> {
  const [counted] = await sql.query<{ rows: number }>(
    "SELECT count(*)::int8 AS rows FROM observed WHERE cutoff_ms >= $1 AND cutoff_ms < $2",
    [window.fromMs, window.toMs],
  );
  if ((counted?.rows ?? 0) > heldRows) return sketched(sql, window, rng);
  const rows = await readRows(sql, window);
  const drawn = { ...rows, rows: chosen(rows, onePerUser(usersOf(rows), rng)) };
  return {
    users: drawn.rows.length,
    features: new Map(drawn.features.map((name, j) => [name, sampleOf(valuesOf(drawn, j))])),
    scores: sampleOf(takeValues(drawn.scores, drawn.rows)),
    isSketched: false,
  };
}

async function sketched(sql: LiveSql, window: Omit<Window, "heldRows">, rng: Rng): Promise<WindowSamples> {
  const days = (await readObservedDays(sql, window)).map(({ cutoffMs }) => cutoffMs);
  const seed = rng.fork("days").below(2 ** 31);
  const whole = new Map<string, QuantileSketch>();
  const scores = new QuantileSketch(rng.fork("scores"));
  let users = 0;
  for (const [day, cutoffMs] of days.entries()) {
    const read = await readRows(sql, { ...window, fromMs: cutoffMs, toMs: cutoffMs + 1 });
    const isToday = (row: number) => Math.floor(userRank(read.users[row] ?? "", seed) * days.length) === day;
    const drawn = { ...read, rows: read.rows.filter(isToday) };
    users += drawn.rows.length;
    scores.merge(sketchOf(takeValues(drawn.scores, drawn.rows), rng.fork(`scores/${day}`)));
    for (const [j, name] of drawn.features.entries()) {
      const sketch = whole.get(name) ?? new QuantileSketch(rng.fork(name));
      sketch.merge(sketchOf(valuesOf(drawn, j), rng.fork(`${name}/${day}`)));
      whole.set(name, sketch);
    }
  }
  const features = new Map(Array.from(whole, ([name, sketch]) => [name, sketch.toSample(SKETCHED_ROWS)]));
  return { users, features, scores: scores.toSample(SKETCHED_ROWS), isSketched: true };
}

function sketchOf(values: Float64Array, rng: Rng): QuantileSketch {
  const sketch = new QuantileSketch(rng);
  for (const value of values) sketch.add(value);
  return sketch;
}

async function readRows(sql: LiveSql, window: Omit<Window, "heldRows">): Promise<WindowRows> {
  const observed = await readObserved(sql, window);
  const scored = await readScored(sql, window);
  const untreated = Int32Array.from(observed.treated.keys()).filter((row) => observed.treated[row] !== 1);
  return { ...observed, scores: scoresOf(observed, scored), rows: untreated };
}

const usersOf = ({ users, rows }: WindowRows): string[] => Array.from(rows, (row) => users[row] ?? "");

function chosen({ rows }: WindowRows, places: Int32Array): Int32Array {
  return places.map((place) => rows[place] ?? -1);
}

function valuesOf({ x, rows }: WindowRows, column: number): Float64Array {
  return takeValues(takeColumns(x, [column]).data, rows).map(Math.fround);
}

function scoresOf({ users, cutoffMs }: Observed, scored: ScoredRows): Float64Array {
  const key = (user: string, at: number | undefined) => `${at} ${user}`;
  const known = new Map(scored.users.map((user, row) => [key(user, scored.cutoffMs[row]), scored.p[row]]));
  return Float64Array.from(users, (user, row) => known.get(key(user, cutoffMs[row])) ?? Number.NaN);
}
