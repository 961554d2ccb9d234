import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { seededRng } from "../../src/base/rng.js";
import { type TableOptions, trainTable } from "../../src/pipeline/train-table.js";
import { loadModel, readIndex } from "../../src/registry/local.js";
import type { TrainingDocument } from "../../src/schema/documents.js";
import { needsShared, sharedPath } from "../shared.js";
import { temporaryFolder, testWorld } from "./ingest-fixture.js";

const TABLE = "data/sparkify-medium-users/user_features.json";
const folder = temporaryFolder();
const world = testWorld();
let files = 0;

/** A CSV of 60 users whose churn follows `score`. */
function table(columns: Readonly<Record<string, (row: number) => string | number>> = {}, rows = 60): string {
  const rng = seededRng(`table ${files}`);
  const score = Array.from({ length: rows }, () => rng.normal());
  const all: Record<string, (row: number) => string | number> = {
    id: (row) => `u${row}`,
    score: (row) => score[row] ?? 0,
    churn: (row) => ((score[row] ?? 0) + 0.5 * rng.normal() > 0.4 ? 1 : 0),
    ...columns,
  };
  const names = Object.keys(all);
  const lines = Array.from({ length: rows }, (_, row) => names.map((name) => all[name]?.(row)).join(","));
  const path = join(folder, `table${files++}.csv`);
  writeFileSync(path, `${names.join(",")}\n${lines.join("\n")}\n`);
  return path;
}

const options = (path: string, changes: Partial<TableOptions> = {}): TableOptions => ({
  table: path,
  testTable: null,
  roles: { label: "churn", id: "id", drop: [] },
  models: ["logistic"],
  search: "none",
  seeds: 0,
  recipe: "table",
  ...changes,
});
const trained = (path: string, changes: Partial<TableOptions> = {}): Promise<TrainingDocument> =>
  trainTable(join(folder, "home"), options(path, changes), world);
const roles = (changes: Partial<TableOptions["roles"]>) => ({
  roles: { label: "churn", id: "id", drop: [], ...changes },
});

test("rows of one id are one user's: intervals draw them together", async () => {
  const path = table();
  const shared = join(folder, "shared-ids.csv");
  writeFileSync(
    shared,
    readFileSync(path, "utf8").replaceAll(/u(\d+),/g, (_, row) => `u${Number(row) % 12},`),
  );
  const [each, twelve] = await Promise.all([trained(path), trained(shared)]);
  expect([each.users, twelve.users]).toEqual([60, 12]);
  expect(twelve.candidates[0]?.metrics).toEqual(each.candidates[0]?.metrics);
  expect(twelve.candidates[0]?.intervals.rocAuc).not.toEqual(each.candidates[0]?.intervals.rocAuc);
});

describe("columns", () => {
  test("an endless number is refused by name", async () => {
    const path = table({ odd: (row) => (row === 3 ? "inf" : row) });
    await expect(trained(path)).rejects.toMatchObject({
      code: "TABLE_BAD",
      details: { reason: "column odd is Infinity in row 4" },
    });
  });

  test("numbers and booleans as they are, text of few values one-hot, the id and what is dropped left out", async () => {
    const path = table({
      state: (row) => ["CA", "TX", "NY"][row % 3] ?? "",
      active: (row) => (row % 2 === 0 ? "true" : "false"),
      junk: (row) => row,
    });
    const { features, leaky, protocol, version, audits, users, positives } = await trained(
      path,
      roles({ drop: ["junk"] }),
    );
    expect(features).toEqual(["score", "state_CA", "state_NY", "state_TX", "active"]);
    expect({ leaky, protocol, audits, users }).toEqual({ leaky: true, protocol: "table", audits: null, users: 60 });
    expect(positives).toBeGreaterThan(5);
    const { model } = loadModel(join(folder, "home"), version);
    expect(model.features).toEqual(features);
    expect(readIndex(join(folder, "home")).champion).toBeNull();
  });

  test("20 values of text are one-hot, 21 are refused by the column's name", async () => {
    const { features } = await trained(table({ city: (row) => `c${row % 20}` }));
    expect(features.filter((name) => name.startsWith("city_"))).toHaveLength(20);
    const refused = trained(table({ city: (row) => `c${row % 21}` }));
    await expect(refused).rejects.toMatchObject({
      code: "TABLE_BAD",
      details: { reason: expect.stringMatching(/city.*21/) },
    });
    await expect(refused).rejects.toThrow(/city/);
  });

  test("missing values are missing, not a category and not zero", async () => {
    const path = table({
      gap: (row) => (row % 3 === 0 ? "" : row),
      word: (row) => (row % 4 === 0 ? "" : ("abc"[row % 3] ?? "")),
    });
    const { features, candidates } = await trained(path);
    expect(features).toEqual(["score", "gap", "word_a", "word_b", "word_c"]);
    expect(candidates[0]?.metrics.rocAuc).toBeGreaterThan(0.7);
  });
});

describe("what cannot be trained on is refused with the reason", () => {
  const refusal = (path: string, changes: Partial<TableOptions> = {}) =>
    trained(path, changes).then(
      () => null,
      (error: { code: string; message: string; hint: string }) => error,
    );

  test("a label that is not 0 or 1", async () => {
    const error = await refusal(table({ churn: (row) => (row === 4 ? 2 : row % 2) }));
    expect(error).toMatchObject({ code: "TABLE_BAD", details: { reason: "label churn is 2 in row 5" } });
    expect(await refusal(table({ churn: (row) => (row === 4 ? "" : row % 2) }))).toMatchObject({ code: "TABLE_BAD" });
    expect(await refusal(table({ churn: (row) => (row % 2 === 0 ? "true" : "false") }))).toBeNull();
    expect(await refusal(table({ churn: () => 0 }))).toMatchObject({ code: "SINGLE_CLASS" });
  });

  test("a column that is not there, by its name and with those that are", async () => {
    for (const changes of [{ label: "gone" }, { id: "gone" }, { drop: ["gone"] }]) {
      const error = await refusal(table(), roles(changes));
      expect(error).toMatchObject({ code: "TABLE_BAD", details: { reason: "it has no column gone" } });
      expect(error?.hint).toContain("score");
    }
    expect(await refusal(table(), roles({ drop: ["score"] }))).toMatchObject({ code: "TABLE_BAD" });
  });

  test("no such file, no such kind of file, no such model", async () => {
    expect(await refusal(join(folder, "none.csv"))).toMatchObject({ code: "PATH_ABSENT" });
    const text = join(folder, "table.txt");
    writeFileSync(text, "id,churn\n");
    expect(await refusal(text)).toMatchObject({ code: "TABLE_BAD" });
    expect(await refusal(table(), { models: ["oracle"] })).toMatchObject({ code: "VALUE_BAD" });
  });

  test("a test table without a column of the training table", async () => {
    const whole = await trained(table({ extra: (row) => row }), { testTable: table({ extra: (row) => row }, 40) });
    expect(whole.candidates[0]?.test?.rocAuc).toBeGreaterThan(0.7);
    const error = await refusal(table({ extra: (row) => row }), { testTable: table() });
    expect(error).toMatchObject({ code: "TABLE_BAD", details: { reason: "it has no column extra" } });
    const kinds = await refusal(table({ extra: (row) => row }), { testTable: table({ extra: () => "a" }) });
    expect(kinds).toMatchObject({ code: "TABLE_BAD" });
  });
});

describe.skipIf(needsShared(TABLE))("448 users of the public medium log", () => {
  const medium = { roles: { label: "churn", id: "user_id", drop: [] } };
  let plain: TrainingDocument;
  let tuned: TrainingDocument;

  beforeAll(async () => {
    plain = await trained(sharedPath(TABLE), medium);
    tuned = await trained(sharedPath(TABLE), { ...medium, search: "grid", recipe: "reference" });
  });

  test("the default setting is L2, C = 1; the result is called leaky", () => {
    expect(plain).toMatchObject({ leaky: true, rows: 448, users: 448, positives: 99, baseRate: 99 / 448 });
    expect(plain.features).toHaveLength(46);
    expect(plain.best).toMatchObject({ model: "logistic", params: { penalty: "l2", C: 1 } });
    expect(plain.candidates[0]?.metrics.rocAuc).toBeGreaterThan(0.8);
  });

  test("the reference's grid scores what the reference's does: F1 0.685 ± 0.03, AUC 0.891 ± 0.01", () => {
    const metrics = tuned.candidates[0]?.metrics;
    expect(Math.abs((metrics?.f1 ?? 0) - 0.685)).toBeLessThan(0.03);
    expect(Math.abs((metrics?.rocAuc ?? 0) - 0.891)).toBeLessThan(0.01);
    expect([20, 25, 30, 35]).toContain((tuned.best.params as { selectK: number }).selectK);
    expect(tuned.version).not.toBe(plain.version);
  });
});
