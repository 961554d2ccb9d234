import { normalQuantile } from "#src/base/math/normal.js";
import { type Rng, shuffledIndices } from "#src/base/rng.js";
import type { World } from "#src/base/world.js";
import { clopperPearson } from "#src/evaluate/proportion-intervals.js";
import type { DriftColumn } from "#src/monitor/drift/column.js";
import { driftOfTables } from "#src/monitor/drift/two-tables.js";
import { matchTables } from "#src/pipeline/drift/match-tables.js";
import { readTable, type TableColumn } from "#src/store/read-table.js";
import { table } from "../measure.js";

const RESAMPLES = 4_000;
const BUDGET = 1;

export interface Population {
  readonly path: string;
  readonly columns: readonly TableColumn[];
  readonly rows: number;
}

export async function populationOf(path: string, world: World): Promise<Population> {
  const columns = await readTable(path, world);
  return { path, columns, rows: columns[0]?.values.length ?? 0 };
}

/** Some rows of a table as a table of its own. */
function part({ path, columns }: Population, rows: Int32Array) {
  const own = columns.map((column): TableColumn => {
    if (column.kind === "number") {
      return { ...column, values: Float64Array.from(rows, (row) => column.values[row] ?? Number.NaN) };
    }
    return { ...column, values: Array.from(rows, (row) => column.values[row] ?? null) };
  });
  return { path, columns: own };
}

/** The columns of two groups of users drawn without replacement, and their sizes. */
function drawn(population: Population, { n, m }: { n: number; m: number }, rng: Rng) {
  const order = shuffledIndices(population.rows, rng);
  const [before, now] = [part(population, order.slice(0, n)), part(population, order.slice(n, n + m))];
  return matchTables(before, now, [], rng.fork("users"));
}

function check(columns: readonly DriftColumn[], rows: { reference: number; current: number }, rng: Rng) {
  return driftOfTables(columns, { rows, alarmBudget: BUDGET, resamples: RESAMPLES }, rng);
}

/** How often each rule alarms on random halves of one population, where nothing has drifted. */
export function falseAlarms(population: Population, halves: number, rng: Rng): string {
  let [budget, reference, listed] = [0, 0, 0];
  const n = Math.floor(population.rows / 2);
  for (let k = 0; k < halves; k++) {
    const own = rng.fork(`half ${k}`);
    const { columns, rows } = drawn(population, { n, m: population.rows - n }, own);
    const found = check(columns, rows, own);
    if (found.drifted) budget++;
    if (found.features.some(({ drifted }) => drifted)) listed++;
    if (found.features.some(({ test, testP }) => test === "ks" && testP < 0.05)) reference++;
  }
  const row = (rule: string, alarms: number, expected: string) => {
    const { low, high } = clopperPearson({ k: alarms, n: halves, level: 0.95 });
    return [rule, `${alarms}`, `${share(alarms / halves)} (${share(low)} – ${share(high)})`, expected];
  };
  return table(
    ["rule", `alarms on ${halves} halves`, "share (95% interval)", "meant"],
    [
      row("alarm budget, one a year (p of the largest distance ≤ 1/365)", budget, "at most 7 of 1,000; 0.27%"),
      row("any feature listed as different (adjusted p < 0.05, effect above the floor)", listed, "a list, no alarm"),
      row("the reference system's: any feature with KS p < 0.05", reference, "35–45% is what it does"),
    ],
  );
}

/**
 * How often a shift in three features is seen: added to the values as they are, where a shift of skewed counts leaves its mark at their
 * lower end, and to the same columns made normal by their ranks, where nothing but the shift tells.
 */
export function power(
  population: Population,
  {
    features,
    sizes,
    draws,
  }: { features: readonly string[]; sizes: readonly (readonly [number, number])[]; draws: number },
  rng: Rng,
): string {
  const rows = sizes.flatMap(([n, m]) =>
    [0.5, 0.25].map((shift) => {
      const told = [false, true].map((isNormal) => {
        const seen = count(
          population,
          { n, m, shift, draws, features, isNormal },
          rng.fork(`${n} ${shift} ${isNormal}`),
        );
        const { low, high } = clopperPearson({ k: seen, n: draws, level: 0.95 });
        return `${share(seen / draws)} (${share(low)} – ${share(high)})`;
      });
      return [`${n} against ${m}`, `${shift} sd`, ...told];
    }),
  );
  return `${features.join(", ")} shifted; ${draws} draws each.\n\n${table(["users", "shift", "seen, values as they are", "seen, made normal"], rows)}`;
}

interface Trial {
  readonly n: number;
  readonly m: number;
  readonly shift: number;
  readonly draws: number;
  readonly features: readonly string[];
  readonly isNormal: boolean;
}

function count(population: Population, { n, m, shift, draws, features, isNormal }: Trial, rng: Rng): number {
  let seen = 0;
  for (let k = 0; k < draws; k++) {
    const own = rng.fork(k);
    const { columns, rows } = drawn(population, { n, m }, own);
    const moved = columns.map((column) => {
      if (!features.includes(column.name)) return column;
      const told = isNormal ? { ...column, ...madeNormal(column, own.fork(column.name)) } : column;
      const by = shift * deviation(told.reference);
      return { ...told, current: told.current.map((value) => value + by) };
    });
    if (check(moved, rows, own).drifted) seen++;
  }
  return seen;
}

/** Normal values in the order of the column's, equal ones in an order drawn by lot. */
function madeNormal({ reference, current }: DriftColumn, rng: Rng): Pick<DriftColumn, "reference" | "current"> {
  const all = [...reference, ...current];
  const lot = shuffledIndices(all.length, rng);
  const order = [...all.keys()].sort((a, b) => (all[a] ?? 0) - (all[b] ?? 0) || (lot[a] ?? 0) - (lot[b] ?? 0));
  const normal = new Float64Array(all.length);
  order.forEach((at, rank) => {
    normal[at] = normalQuantile((rank + 0.5) / all.length);
  });
  return { reference: normal.slice(0, reference.length), current: normal.slice(reference.length) };
}

function deviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

const share = (value: number): string => `${(100 * value).toFixed(1)}%`;
