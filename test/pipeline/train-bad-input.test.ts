import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type Matrix, matrix, takeRows } from "../../src/base/matrix.js";
import { seededRng } from "../../src/base/rng.js";
import { rocAuc } from "../../src/evaluate/metrics.js";
import { boosting } from "../../src/models/boosting.js";
import { ESTIMATOR_NAMES } from "../../src/models/registered.js";
import { xgboost } from "../../src/models/xgboost.js";
import { readsDays } from "../../src/pipeline/train/learners.js";
import { trainTable } from "../../src/pipeline/train-table.js";
import { loadModel, modelPath } from "../../src/registry/local.js";
import type { TrainingDocument } from "../../src/schema/documents.js";
import { temporaryFolder, testWorld } from "./ingest-fixture.js";

const folder = temporaryFolder();
const world = testWorld();
let files = 0;

/** @param score what the label follows */
type Column = (row: number, score: number) => string | number;

/** A CSV whose label follows `score`. */
function table(columns: Readonly<Record<string, Column>> = {}, rows = 120): string {
  const rng = seededRng("bad input");
  const score = Array.from({ length: rows }, () => rng.normal());
  const label = score.map((value) => (value + 0.7 * rng.normal() > 0.5 ? 1 : 0));
  const all: Record<string, Column> = {
    id: (row) => `u${row}`,
    score: (_, own) => own,
    churn: (row) => label[row] ?? 0,
    ...columns,
  };
  const lines = score.map((own, row) =>
    Object.values(all)
      .map((value) => value(row, own))
      .join(","),
  );
  const path = join(folder, `table${files++}.csv`);
  writeFileSync(path, `${Object.keys(all).join(",")}\n${lines.join("\n")}\n`);
  return path;
}

const home = join(folder, "home");
const MODELS = ESTIMATOR_NAMES.filter((name) => !readsDays(name));
const options = { testTable: null, roles: { label: "churn", id: "id", drop: [] }, seeds: 0 } as const;
const train = (path: string, models: readonly string[]): Promise<TrainingDocument> =>
  trainTable(home, { ...options, table: path, models, search: "none", recipe: "table" }, world);

/** AUC of each model, all of them trained on one table. */
async function aucs(path: string): Promise<Record<string, number>> {
  const { candidates } = await train(path, MODELS);
  return Object.fromEntries(candidates.map(({ model, metrics }) => [model, metrics.rocAuc ?? 0]));
}

describe("every model", () => {
  let usual: Record<string, number>;
  beforeAll(async () => {
    usual = await aucs(table());
    for (const model of MODELS) expect(usual[model], model).toBeGreaterThan(0.7);
  });

  test.each<[string, Record<string, Column>]>([
    ["a constant column", { constant: () => 7 }],
    ["a column without a value", { missing: () => "" }],
    ["the same column twice", { again: (row) => row % 5, and: (row) => row % 5 }],
  ])("is as good with %s", async (_, columns) => {
    const found = await aucs(table(columns));
    for (const model of MODELS) expect(found[model], model).toBeGreaterThan((usual[model] ?? 1) - 0.06);
  });

  test("takes values as large as a float64 goes", async () => {
    const found = await aucs(table({ huge: (row) => (row % 2 === 0 ? 1e300 : -1e300) }));
    for (const model of MODELS) expect(found[model], model).toBeGreaterThan(0.6);
  });
});

describe.each(MODELS)("%s", (model) => {
  test("an endless number is refused by column and row", async () => {
    await expect(train(table({ odd: (row) => (row === 3 ? "-inf" : row) }), [model])).rejects.toMatchObject({
      code: "TABLE_BAD",
      details: { reason: "column odd is -Infinity in row 4" },
    });
  });

  test("one class is nothing to tell apart", async () => {
    await expect(train(table({ churn: () => 1 }), [model])).rejects.toMatchObject({ code: "SINGLE_CLASS" });
  });

  test("three rows are too few for five folds", async () => {
    const path = table({ churn: (row) => (row === 0 ? 1 : 0) }, 3);
    await expect(train(path, [model])).rejects.toMatchObject({
      code: "TABLE_BAD",
      details: { reason: "only 1 of its 3 rows have label 1, and 5 folds need 5" },
    });
  });

  test("a model file with one byte changed is not served", async () => {
    const { version } = await train(table({}, 60), [model]);
    const path = modelPath(home, version ?? "");
    const bytes = readFileSync(path);
    const whole = Buffer.from(bytes);
    const at = Math.floor(bytes.length / 2);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    expect(() => loadModel(home, version)).toThrow(expect.objectContaining({ code: "MODEL_BROKEN" }) as Error);
    writeFileSync(path, whole);
    expect(loadModel(home, version).model.version).toBe(version);
  });
});

test("a model that reads days says so of a table that has none", async () => {
  await expect(train(table(), ["sequence"])).rejects.toMatchObject({
    code: "VALUE_BAD",
    details: { name: "--models", advice: expect.stringMatching(/day by day.*refrain ingest/) },
  });
});

test("repeated ids are warned of: folds part rows of one user", async () => {
  const warnings: string[] = [];
  const log = { ...world.log, warn: (message: string) => warnings.push(message) };
  const path = table({ id: (row) => `u${row % 100}` });
  const document = await trainTable(
    home,
    { ...options, table: path, models: ["logistic"], search: "none", recipe: "table" },
    { ...world, log },
  );
  expect(document.users).toBe(100);
  expect(warnings.join()).toMatch(/20 rows repeat an id/);
});

describe("10,000 columns", () => {
  /** One in ten tells something. */
  const wide = (columns: number, rows: number) => {
    const noise = seededRng("wide");
    const told = (_: number, score: number) => score + noise.normal();
    const untold = (at: number) => (row: number) => (row * (at + 7)) % 11;
    const names = Array.from({ length: columns }, (_, at) => [`c${at}`, at % 10 === 0 ? told : untold(at)] as const);
    return table(Object.fromEntries(names), rows);
  };

  test.each(["logistic", "ensemble"])("%s says how many it takes", async (model) => {
    await expect(train(wide(1_000, 30), [model])).rejects.toMatchObject({
      code: "TABLE_BAD",
      details: { reason: `it has 1001 columns to learn from, and ${model} takes at most 1000` },
    });
  });

  test("a forest learns from them", async () => {
    const { candidates, features, importance } = await train(wide(10_000, 80), ["forest"]);
    expect(features).toHaveLength(10_001);
    expect(candidates[0]?.metrics.rocAuc).toBeGreaterThan(0.7);
    expect(importance?.[0]?.value).toBeGreaterThan(0);
  });

  test.each([
    [
      "boosting",
      (x: Matrix, y: Uint8Array) =>
        [boosting, boosting.fit(x, y, null, { ...boosting.defaults, trees: 20 }, world)] as const,
    ],
    [
      "xgboost",
      (x: Matrix, y: Uint8Array) =>
        [xgboost, xgboost.fit(x, y, null, { ...xgboost.defaults, rounds: 20 }, world)] as const,
    ],
  ])("%s learns from them", (_, fitted) => {
    const rng = seededRng("wide rows");
    const [rows, cols] = [160, 10_000];
    const x = matrix(rows, cols);
    const y = Uint8Array.from({ length: rows }, (_, row) => row % 2);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < cols; column++) {
        x.data[row * cols + column] = rng.normal() + (column % 10 === 0 ? (y[row] ?? 0) : 0);
      }
    }
    const half = (from: number) => Array.from({ length: rows / 2 }, (_, at) => from + at);
    const [learned, judged] = [half(0), half(rows / 2)];
    const [estimator, state] = fitted(takeRows(x, learned), y.slice(0, rows / 2));
    const p = estimator.predict(state as never, takeRows(x, judged));
    expect(rocAuc({ y: y.slice(rows / 2), p })).toBeGreaterThan(0.7);
  });
});
