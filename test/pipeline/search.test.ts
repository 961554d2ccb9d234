import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Matrix } from "../../src/base/matrix.js";
import { seededRng } from "../../src/base/rng.js";
import { asInstant } from "../../src/base/time.js";
import type { World } from "../../src/base/world.js";
import type { Learner } from "../../src/evaluate/learner.js";
import { resampled } from "../../src/evaluate/resampled.js";
import { stratifiedFolds } from "../../src/evaluate/stratified-folds.js";
import { RECIPES } from "../../src/pipeline/train/recipes.js";
import { type Journals, journalsIn, NO_JOURNALS } from "../../src/pipeline/train/search/journal.js";
import { runSearch } from "../../src/pipeline/train/search/run-search.js";
import { searchShuffled } from "../../src/pipeline/train/search/search-shuffled.js";
import { type TableOptions, trainTable } from "../../src/pipeline/train-table.js";
import { loadModel } from "../../src/registry/local.js";
import { temporaryFolder, testWorld } from "./ingest-fixture.js";

const folder = temporaryFolder();
const world = testWorld();

/** A CSV whose label follows two of its four columns. */
function table(name: string, rows: number): string {
  const rng = seededRng(`table ${name}`);
  const lines = Array.from({ length: rows }, (_, row) => {
    const x = Array.from({ length: 4 }, () => rng.normal());
    const churn = rng.uniform() < 1 / (1 + Math.exp(1.5 - (x[0] ?? 0) - (x[1] ?? 0))) ? 1 : 0;
    return [`u${row}`, ...x, churn].join(",");
  });
  const path = join(folder, name);
  writeFileSync(path, `id,a,b,c,d,churn\n${lines.join("\n")}\n`);
  return path;
}

const options = (path: string, changes: Partial<TableOptions> = {}): TableOptions => ({
  table: path,
  testTable: null,
  roles: { label: "churn", id: "id", drop: [] },
  models: ["logistic"],
  search: "grid",
  seeds: 0,
  recipe: "table",
  ...changes,
});

describe("a search", () => {
  test.each(["grid", "random", "halving"] as const)("%s: the same model at any number of threads", async (search) => {
    const path = table(`threads-${search}.csv`, 2_400);
    const [one, two] = [
      await trainTable(join(folder, `${search}-1`), options(path, { search }), { ...world, threads: 1 }),
      await trainTable(join(folder, `${search}-2`), options(path, { search }), { ...world, threads: 2 }),
    ];
    expect(two.version).toBe(one.version);
    expect({ ...two, seconds: 0 }).toEqual({ ...one, seconds: 0 });
    const selection = one.candidates[0]?.selection;
    expect(selection).toMatchObject({ search, ran: selection?.planned, method: "BBC-CV" });
    expect(selection?.planned).toBeGreaterThanOrEqual(8);
    // What is done needs no journal any more.
    expect(readdirSync(join(folder, `${search}-1`, "search"))).toEqual([]);
  });

  test("a model that halving chose predicts as its file says", async () => {
    const home = join(folder, "halving-1");
    const { version, best } = await trainTable(home, options(table("again.csv", 300), { search: "halving" }), world);
    const { model } = loadModel(home, version);
    expect(model.params).toEqual(best.params);
    expect(model.estimator).toBe(best.model);
  });
});

const problem = {
  search: "grid",
  settings: Array.from({ length: 30 }, (_, at) => ({ at })),
  loss: (scores: Float64Array) => scores[0] ?? 0,
} as const;

describe("a budget", () => {
  test("is looked at between rounds, and how many settings ran is told", async () => {
    let now = 0;
    const clock: World = { ...world, now: () => asInstant(now) };
    const run = async ({ settings }: { settings: readonly { at?: unknown }[] }) => {
      now += 10;
      return settings.map(({ at }) => Float64Array.of(Number(at)));
    };
    const search = { title: "t", problem, learner: {}, run, journals: NO_JOURNALS, key: "k", untilMs: 100 };
    const { ran, planned, tried } = await runSearch(search, clock);
    expect({ ran, planned, tried: tried.length }).toEqual({ ran: 12, planned: 29, tried: 13 });
  });

  test("of nothing leaves the defaults", async () => {
    const path = table("budget.csv", 200);
    const { candidates } = await trainTable(join(folder, "budget"), options(path, { budgetSeconds: 0 }), world);
    expect(candidates[0]?.selection).toBeNull();
    expect(candidates[0]?.params).toMatchObject({ penalty: "l2", C: 1 });
  });
});

describe("a search that was killed", () => {
  /** Trials that ran, until one is one too many. */
  function dying(after: number) {
    const ran: number[] = [];
    const run = async ({ settings }: { settings: readonly { at?: unknown }[] }) => {
      if (ran.length >= after) throw new Error("killed");
      ran.push(...settings.map(({ at }) => Number(at)));
      return settings.map(({ at }) => Float64Array.of(Number(at), 1 / 3));
    };
    return { ran, run };
  }
  const search = (run: Parameters<typeof runSearch>[0]["run"], journals: Journals, key = "k") =>
    runSearch({ title: "t", problem, learner: {}, run, journals, key, untilMs: null }, world);

  test("goes on where it was, and comes to the same", async () => {
    const path = join(folder, "killed");
    const whole = await search(dying(1000).run, NO_JOURNALS);
    await expect(search(dying(12).run, journalsIn(path))).rejects.toThrow("killed");
    const again = dying(1000);
    const journals = journalsIn(path);
    expect(await search(again.run, journals)).toEqual(whole);
    // The defaults, which say whether the journal is theirs, and what was missing.
    expect(again.ran[0]).toBe(0);
    expect(again.ran.length).toBeLessThanOrEqual(1 + 29 - 11 + 12);
    expect(again.ran.length).toBeGreaterThan(1);
    journals.clear();
    expect(readdirSync(path)).toEqual([]);
  });

  test("other data, or an estimator that says otherwise, starts anew", async () => {
    const path = join(folder, "other");
    await search(dying(1000).run, journalsIn(path));
    const other = dying(1000);
    await search(other.run, journalsIn(path), "another key");
    expect(other.ran).toHaveLength(30);
    const changed = dying(1000);
    const run: typeof changed.run = async (trial) =>
      (await changed.run(trial)).map((scores) => scores.map((value) => value + 1));
    await search(run, journalsIn(path));
    expect(changed.ran).toHaveLength(30);
    expect(existsSync(path)).toBe(true);
  });
});

/** A learner that keeps what it was given. */
function recording(): Learner & { fitted: Matrix[]; predicted: Matrix[] } {
  const fitted: Matrix[] = [];
  const predicted: Matrix[] = [];
  return {
    name: "recording",
    grid: [{ at: 1 }, { at: 2 }],
    defaults: { at: 0 },
    fitted,
    predicted,
    fit: ({ x }) => {
      fitted.push(x);
      return {
        state: null,
        predict: (rows) => {
          predicted.push(rows);
          return Float64Array.from({ length: rows.rows }, (_, i) => rows.data[i * rows.cols] ?? 0);
        },
      };
    },
  };
}

test("no synthetic row reaches a validation fold", async () => {
  const rng = seededRng("smote");
  const rows = 200;
  const x = { rows, cols: 3, data: Float64Array.from({ length: rows * 3 }, () => rng.uniform()) };
  const y = Uint8Array.from({ length: rows }, (_, row) => (row % 10 === 0 ? 1 : 0));
  const data = { x, y, foldOf: stratifiedFolds(y, 5, rng), folds: 5 };
  const spy = recording();
  const search = {
    learner: resampled(spy, "smote"),
    spec: { name: "recording", features: null, resample: "smote" },
    recipe: RECIPES.table,
    untilMs: null,
    models: ["recording"],
    search: "grid",
    seeds: 0,
  } as const;
  const { p } = await searchShuffled({ data, user: Int32Array.from(y.keys()) }, search, world);
  const rowsOf = ({ rows: count, cols, data: values }: Matrix) =>
    Array.from({ length: count }, (_, i) => values.slice(i * cols, (i + 1) * cols).join());
  const real = new Set(rowsOf(x));
  expect(p).toHaveLength(rows);
  expect(spy.fitted).toHaveLength(15);
  for (const [i, given] of spy.fitted.entries()) {
    const fold = i % 5;
    const train = [...y.keys()].filter((row) => data.foldOf[row] !== fold);
    const own = rowsOf(given);
    // 144 kept and 16 churned rows, and synthetic ones until there are as many.
    expect(own).toHaveLength(288);
    expect(own.filter((row) => real.has(row))).toHaveLength(train.length);
    const test = rowsOf(x).filter((_, row) => data.foldOf[row] === fold);
    for (const row of test) expect(own).not.toContain(row);
  }
  // What is predicted are the rows of the folds, every one real, every one once a setting.
  expect(spy.predicted.flatMap(rowsOf).every((row) => real.has(row))).toBe(true);
  expect(spy.predicted.flatMap(rowsOf)).toHaveLength(3 * rows);
});

test("scores of a model that saw synthetic or weighted rows are calibrated back to how often churn is", async () => {
  const path = table("calibrated.csv", 1_500);
  const train = (changes: Partial<TableOptions>) =>
    trainTable(join(folder, "calibrated"), options(path, { search: "none", ...changes }), world);
  const [plain, smoted] = [await train({}), await train({ resample: "smote" })];
  expect(plain.candidates[0]?.calibration).toBe("none");
  expect(smoted.candidates[0]?.calibration).toBe("platt");
  expect(smoted.candidates[0]?.metrics.ece).toBeLessThan(0.05);
  expect(smoted.candidates[0]?.metrics.rocAuc).toBeGreaterThan((plain.candidates[0]?.metrics.rocAuc ?? 0) - 0.02);
  const { model } = loadModel(join(folder, "calibrated"), smoted.version);
  expect(model.calibrator.kind).toBe("platt");
});
