import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { seededRng } from "../../src/base/rng.js";
import { ESTIMATOR_NAMES } from "../../src/models/registered.js";
import { type TableOptions, trainTable } from "../../src/pipeline/train-table.js";
import { loadModel, modelPath } from "../../src/registry/local.js";
import type { TrainingDocument } from "../../src/schema/documents.js";
import { temporaryFolder, testWorld } from "./ingest-fixture.js";

const folder = temporaryFolder();
const world = testWorld();
let files = 0;

type Column = (row: number) => string | number;

/** A CSV whose label follows `score`. */
function table(columns: Readonly<Record<string, Column>> = {}, rows = 120): string {
  const rng = seededRng("bad input");
  const score = Array.from({ length: rows }, () => rng.normal());
  const label = score.map((value) => (value + 0.7 * rng.normal() > 0.5 ? 1 : 0));
  const all: Record<string, Column> = {
    id: (row) => `u${row}`,
    score: (row) => score[row] ?? 0,
    churn: (row) => label[row] ?? 0,
    ...columns,
  };
  const lines = Array.from({ length: rows }, (_, row) =>
    Object.values(all)
      .map((value) => value(row))
      .join(","),
  );
  const path = join(folder, `table${files++}.csv`);
  writeFileSync(path, `${Object.keys(all).join(",")}\n${lines.join("\n")}\n`);
  return path;
}

const train = (path: string, model: string, changes: Partial<TableOptions> = {}): Promise<TrainingDocument> =>
  trainTable(
    join(folder, "home"),
    {
      table: path,
      testTable: null,
      roles: { label: "churn", id: "id", drop: [] },
      models: [model],
      search: "none",
      seeds: 0,
      recipe: "table",
      ...changes,
    },
    world,
  );
const aucOf = async (path: string, model: string) => (await train(path, model)).candidates[0]?.metrics.rocAuc ?? 0;

describe.each(ESTIMATOR_NAMES)("%s", (model) => {
  test.each([
    ["a constant column", { constant: () => 7 }],
    ["a column without a value", { missing: () => "" }],
    ["the same column twice", { again: (row: number) => row % 5, and: (row: number) => row % 5 }],
  ])("%s leaves it as good", async (_, columns) => {
    const usual = await aucOf(table(), model);
    expect(usual).toBeGreaterThan(0.7);
    expect(await aucOf(table(columns), model)).toBeGreaterThan(usual - 0.06);
  });

  test("values as large as a float64 goes are taken", async () => {
    expect(await aucOf(table({ huge: (row) => (row % 2 === 0 ? 1e300 : -1e300) }), model)).toBeGreaterThan(0.6);
  });

  test("an endless number is refused by column and row", async () => {
    await expect(train(table({ odd: (row) => (row === 3 ? "-inf" : row) }), model)).rejects.toMatchObject({
      code: "TABLE_BAD",
      details: { reason: "column odd is -Infinity in row 4" },
    });
  });

  test("one class is nothing to tell apart", async () => {
    await expect(train(table({ churn: () => 1 }), model)).rejects.toMatchObject({ code: "SINGLE_CLASS" });
  });

  test("three rows are too few for five folds", async () => {
    const path = table({ churn: (row) => (row === 0 ? 1 : 0) }, 3);
    await expect(train(path, model)).rejects.toMatchObject({
      code: "TABLE_BAD",
      details: { reason: "only 1 of its 3 rows have label 1, and 5 folds need 5" },
    });
  });

  test("a model file with one byte changed is not served", async () => {
    const home = join(folder, "home");
    const { version } = await train(table(), model);
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

test("repeated ids are warned of: folds part rows of one user", async () => {
  const warnings: string[] = [];
  const log = { ...world.log, warn: (message: string) => warnings.push(message) };
  const path = table({ id: (row) => `u${row % 100}` });
  const document = await trainTable(
    join(folder, "home"),
    {
      table: path,
      testTable: null,
      roles: { label: "churn", id: "id", drop: [] },
      models: ["logistic"],
      search: "none",
      seeds: 0,
      recipe: "table",
    },
    { ...world, log },
  );
  expect(document.users).toBe(100);
  expect(warnings.join()).toMatch(/20 rows repeat an id/);
});

describe("10,000 columns", () => {
  const wide = () =>
    table(
      Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`c${at}`, (row: number) => (row * (at + 7)) % 11])),
    );

  test("logistic regression says that it does not take so many", async () => {
    await expect(train(wide(), "logistic")).rejects.toMatchObject({
      code: "TABLE_BAD",
      details: { reason: "it has 10001 columns to learn from, and logistic takes at most 1000" },
    });
  });

  test.each(ESTIMATOR_NAMES.filter((name) => ["forest", "boosting", "xgboost"].includes(name)))(
    "%s learns from them",
    async (model) => {
      expect(await aucOf(wide(), model)).toBeGreaterThan(0.6);
    },
    120_000,
  );
});
