import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { seededRng } from "#src/base/rng.js";
import { MS_PER_DAY } from "#src/base/time.js";
import { drawnSizes, driftOfWindow, windowThresholds } from "#src/monitor/drift/live-window.js";
import { sampleOf } from "#src/monitor/drift/sample.js";
import { driftOfTables } from "#src/monitor/drift/two-tables.js";
import { measureNode, measurePeer, medianOf, PEERS, secondsOf, table } from "../measure.js";

const COLUMNS = 80;
const REPETITIONS = 3;
const MAIN = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));

/** Normal, counted, yes/no and exponential columns by turns: made up, for the time alone. */
function columnOf(j: number, rows: number, seed: string): Float64Array {
  const rng = seededRng(`${seed}/${j}`);
  const draw = [
    () => Math.round(1e6 * rng.normal()) / 1e6,
    () => Math.round(Math.exp(3 + rng.normal())),
    () => +(rng.uniform() < 0.3),
    () => Math.round(1e6 * rng.exponential(5)) / 1e6,
  ][j % 4];
  return Float64Array.from({ length: rows }, () => draw?.() ?? 0);
}

/** A check of so many rows × 80 features on both sides, ours and the Python program's by turns on the same tables. */
export async function speed(rows: number, python: string, folder: string): Promise<string> {
  const tables = ["reference", "current"].map((seed) =>
    Array.from({ length: COLUMNS }, (_, j) => columnOf(j, rows, seed)),
  );
  const [reference = [], current = []] = tables;
  const files = [join(folder, "reference.csv"), join(folder, "current.csv")];
  for (const [k, columns] of tables.entries()) await writeCsv(files[k] ?? "", columns, rows);
  const [before = "", now = ""] = files;
  const peer = [join(PEERS, "drift_checks.py"), "--reference", before, "--current", now];
  const inMemory = checksInMemory(reference, current, rows);
  const ours: number[] = [];
  const ks: ReturnType<typeof measurePeer>[] = [];
  for (let k = 0; k < REPETITIONS; k++) {
    ours.push(measureNode([MAIN, "drift", "--reference", before, "--current", now, "--json"], folder).seconds);
    ks.push(measurePeer(python, [...peer, "--checks", "ks"]));
  }
  const evidently = tried(() => measurePeer(python, [...peer, "--checks", "evidently"]));
  const own = medianOf(inMemory.cached);
  const theirs = medianOf(secondsOf(ks, "ks"));
  return [
    `${rows} rows against ${rows}, ${COLUMNS} features; medians of ${REPETITIONS}, seconds.\n`,
    table(
      ["what", "seconds", "target"],
      [
        ["live check in memory, null distribution cached", own.toFixed(2), "< 2"],
        ["its null distribution, once for a model and size", inMemory.thresholds.toFixed(2), ""],
        ["two tables in memory, 4,000 permutations of a sample of the rows", inMemory.tables.toFixed(2), ""],
        ["refrain drift, from start to end, two CSV files", medianOf(ours).toFixed(2), ""],
        ["drift_checks.py, KS alone in memory", theirs.toFixed(2), ""],
        ["drift_checks.py --checks ks, from start to end", medianOf(ks.map(({ seconds }) => seconds)).toFixed(2), ""],
        [
          "drift_checks.py, Evidently's preset in memory",
          evidently === null ? "not installed" : (secondsOf([evidently], "evidently")[0] ?? Number.NaN).toFixed(2),
          "",
        ],
        ["ratio: ours cached ÷ KS alone", (own / theirs).toFixed(2), ""],
      ],
    ),
  ].join("\n");
}

function checksInMemory(reference: readonly Float64Array[], current: readonly Float64Array[], rows: number) {
  const rng = seededRng("speed");
  const columns = reference.map((values, j) => ({
    name: `c${j}`,
    levels: null,
    shownOnly: null,
    weight: 1,
    reference: values,
    current: current[j] ?? new Float64Array(),
  }));
  // Sorting the watched values is part of a check.
  const watchedColumns = () => columns.map((column) => ({ ...column, current: sampleOf(column.current) }));
  const user = Int32Array.from({ length: rows }, (_, i) => i);
  const cutoffMs = Float64Array.from(user, (i) => (i % 30) * MS_PER_DAY);
  const watched = { columns: watchedColumns(), times: { user, cutoffMs }, users: rows };
  const plan = { ...drawnSizes(watched), lengthMs: 14 * MS_PER_DAY, resamples: 4_000 };
  const [thresholds, made] = timed(() => windowThresholds(watched, plan, rng.fork("null")));
  const check = (k: number) => driftOfWindow({ ...watched, columns: watchedColumns() }, made, 1, rng.fork(k));
  const cached = Array.from({ length: REPETITIONS }, (_, k) => timed(() => check(k))[0]);
  const sizes = { reference: rows, current: rows };
  const [tables] = timed(() =>
    driftOfTables(columns, { rows: sizes, alarmBudget: 1, resamples: 4_000 }, rng.fork("tables")),
  );
  return { thresholds, cached, tables };
}

function timed<T>(work: () => T): [seconds: number, done: T] {
  const started = performance.now();
  const done = work();
  return [(performance.now() - started) / 1000, done];
}

function tried<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}

async function writeCsv(path: string, columns: readonly Float64Array[], rows: number): Promise<void> {
  const out = createWriteStream(path);
  out.write(`userId,${columns.map((_, j) => `c${j}`).join(",")}\n`);
  for (let row = 0; row < rows; row++) {
    if (!out.write(`${row},${columns.map((values) => values[row]).join(",")}\n`)) await once(out, "drain");
  }
  out.end();
  await once(out, "finish");
}
