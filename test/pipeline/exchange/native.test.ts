import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { RefrainError } from "../../../src/base/errors.js";
import { boosting } from "../../../src/models/boosting.js";
import { ensemble } from "../../../src/models/ensemble.js";
import { fitLogistic, logistic } from "../../../src/models/logistic.js";
import type { ModelState } from "../../../src/models/model-state.js";
import { sequence } from "../../../src/models/sequence/sequence.js";
import type { TreesState } from "../../../src/models/trees/tree.js";
import { exportModel } from "../../../src/pipeline/exchange/export-model.js";
import { importModel } from "../../../src/pipeline/exchange/import-model.js";
import { rowsForModel } from "../../../src/pipeline/exchange/table-rows.js";
import { modelProbabilities } from "../../../src/pipeline/model-probabilities.js";
import { readIndex, registerModel } from "../../../src/registry/local.js";
import { type ModelFile, versioned } from "../../../src/registry/model-file.js";
import { randomBoosting, randomForest, randomRows } from "../../models/trees/random-trees.js";
import { temporaryFolder } from "../ingest-fixture.js";
import { csvOf, modelOf, world } from "./model-fixture.js";

const folder = temporaryFolder();
const NAMES = ["a", "b", "c"];
const x = randomRows("native", 200, 3);
const labels = Uint8Array.from({ length: 200 }, (_, i) => ((i * 7) % 3 === 0 ? 1 : 0));
const table = join(folder, "rows.csv");
writeFileSync(table, csvOf(x, NAMES));
let homes = 0;
const freshHome = () => join(folder, `home${homes++}`);

const few = { ...boosting.defaults, trees: 4 };
const STATES: Readonly<Record<string, ModelState>> = {
  logistic: fitLogistic(x, labels, null, logistic.defaults),
  boosting: randomBoosting("n", { inputs: 3, depth: 3, trees: 5 }),
  sequence: sequence.fit(x, labels, null, { ...sequence.defaults, days: 1, epochs: 2, members: 2 }, world),
  forest: randomForest("n", { inputs: 3, depth: 3, trees: 5 }),
  ensemble: ensemble.fit(
    x,
    labels,
    null,
    { ...ensemble.defaults, forest: null, combine: "stack", boosting: few, xgboost: null },
    world,
  ),
};

function exported(model: ModelFile): string {
  const home = freshHome();
  registerModel(home, model, world);
  const out = join(folder, `${model.version}.json`);
  exportModel(home, { version: model.version, format: "json", out });
  return out;
}

const importInto = (home: string, file: string, path = table) =>
  importModel(home, { file, format: "json", table: { path, id: "id" } }, world);

describe("a model in our own form", () => {
  it.each(Object.keys(STATES))("%s: the same version in another home, with the same probabilities", async (kind) => {
    const model = modelOf(STATES[kind] as ModelState, NAMES, { kind: "isotonic", x: [0.1, 0.4], y: [0.2, 0.3] });
    const home = freshHome();
    const { version, probabilities } = await importInto(home, exported(model));
    expect(version).toBe(model.version);
    expect(probabilities).toEqual(Array.from(modelProbabilities(model, x)));
    expect(readIndex(home)).toMatchObject({ champion: null, versions: [{ version, leaky: true }] });
  });

  it.each(Object.keys(STATES))(
    "%s: with one byte changed is refused, wherever it is, or still the same model",
    async (kind) => {
      const model = modelOf(STATES[kind] as ModelState, NAMES);
      const bytes = readFileSync(exported(model));
      const probabilities = Array.from(modelProbabilities(model, x));
      let same = 0;
      const file = join(folder, "damaged.json");
      const home = freshHome();
      const stride = Math.max(11, 2 * Math.floor(bytes.length / 300) + 1);
      for (let at = 0; at < bytes.length - 1; at += stride) {
        const damaged = Buffer.from(bytes);
        damaged[at] = (damaged[at] ?? 0) ^ 1;
        writeFileSync(file, damaged);
        const read = await importInto(home, file).catch((error: unknown) => error);
        if (read instanceof RefrainError) {
          expect(read.code, `byte ${at}`).toBe("MODEL_FILE_BAD");
          continue;
        }
        // A digit beyond what a float64 holds: nothing was changed.
        same++;
        expect(read).toMatchObject({ version: model.version, probabilities });
      }
      expect(same).toBeLessThan(10);
      expect(readIndex(home).versions.length).toBe(same === 0 ? 0 : 1);
    },
  );

  const trees = STATES.boosting as TreesState;
  const [first] = trees.trees;
  const ensembleOf = (member: object) => ({ kind: "ensemble", inputs: 3, members: [member], line: null });
  const HOSTILE: readonly (readonly [RegExp, object])[] = [
    [/a kind|state/, { kind: "python", code: "import os" }],
    [/leads to node 0 twice/, { ...trees, trees: [{ ...first, left: first?.left.map((n, i) => (i === 3 ? 0 : n)) }] }],
    [/column 99 of 3/, { ...trees, trees: [{ ...first, feature: first?.feature.map((n) => (n < 0 ? n : 99)) }] }],
    [/entries of cover/, { ...trees, trees: [{ ...first, cover: [] }] }],
    [/no float32/, { ...trees, trees: [{ ...first, threshold: first?.threshold.map(() => 0.1) }] }],
    [/4 columns and names 3/, { ...trees, inputs: 4 }],
    [/no tree/, { kind: "forest", inputs: 3, trees: [] }],
    [/beyond 3/, { ...STATES.logistic, columns: [0, 1, 3] }],
    [/member forest is none/, ensembleOf({ name: "forest", state: trees })],
    [/member xgboost is none/, ensembleOf({ name: "xgboost", state: { ...STATES.ensemble } })],
    [
      /of its member boosting, it has|of its member boosting, .*column 99/,
      ensembleOf({
        name: "boosting",
        state: { ...trees, trees: [{ ...first, feature: first?.feature.map((n) => (n < 0 ? n : 99)) }] },
      }),
    ],
    [/names 1/, { ...STATES.ensemble, members: [{ name: "boosting", state: trees }] }],
    [/state is not/, { ...STATES.ensemble, members: [] }],
    [/lacks parameters/, { ...STATES.sequence, members: [{ theta: [1], epochs: 1 }] }],
    [/differ in length/, { ...STATES.logistic, coef: [] }],
  ];
  it.each(HOSTILE)("with a right hash and a hostile state is refused: %s", async (reason, state) => {
    const { version: _, ...body } = modelOf(STATES.logistic as ModelState, NAMES);
    const file = join(folder, "hostile.json");
    writeFileSync(file, JSON.stringify(versioned({ ...body, state })));
    const refused = { code: "MODEL_FILE_BAD", message: expect.stringMatching(reason) };
    await expect(importInto(freshHome(), file)).rejects.toMatchObject(refused);
  });

  const BODIES: readonly (readonly [string, object])[] = [
    ["label.name", { label: { name: "../../etc/x", version: 1 } }],
    ["calibrator", { calibrator: { kind: "isotonic", x: [1, 0], y: [0, 1] } }],
    ["calibrator", { calibrator: { kind: "eval" } }],
    ["features", { features: "abc" }],
    ["protocol", { protocol: "mine" }],
  ];
  it.each(BODIES)("with an odd %s is refused", async (name, change) => {
    const { version: _, ...body } = modelOf(STATES.logistic as ModelState, NAMES);
    const file = join(folder, "odd.json");
    writeFileSync(file, JSON.stringify(versioned({ ...body, ...change } as ModelFile)));
    const refused = { code: "MODEL_FILE_BAD", message: expect.stringContaining(name) };
    await expect(importInto(freshHome(), file)).rejects.toMatchObject(refused);
  });
});

describe("a table to score", () => {
  const file = exported(modelOf(STATES.boosting as ModelState, ["a", "plan_free", "plan_paid"]));
  const path = join(folder, "texts.csv");

  it("may hold text where the model knows its values, and blanks", async () => {
    writeFileSync(path, "plan,id,a\nfree,1,0.5\npaid,2,\n,3,1\nother,4,1\n");
    const { ids, probabilities, features } = await importInto(freshHome(), file, path);
    const rows = [0.5, 1, 0, Number.NaN, 0, 1, 1, Number.NaN, Number.NaN, 1, 0, 0];
    const seen = { rows: 4, cols: 3, data: Float64Array.from(rows) };
    expect(probabilities).toEqual(
      Array.from(modelProbabilities({ state: STATES.boosting, calibrator: { kind: "none" } }, seen)),
    );
    expect([ids, features]).toEqual([
      ["1", "2", "3", "4"],
      ["a", "plan_free", "plan_paid"],
    ]);
  });

  it.each([
    ["no column id", "key,a,plan\n1,2,free\n", "id"],
    ["no column plan_free", "id,a\n1,2\n", "id"],
    ["no column nobody", "id,a,plan\n1,2,free\n", "nobody"],
    ["a holds text", "id,a,plan\n1,x,free\n", "id"],
  ])("is refused with what is wrong: %s", async (reason, text, id) => {
    writeFileSync(path, text);
    const home = freshHome();
    const failed = importModel(home, { file, format: "json", table: { path, id } }, world);
    const refused = { code: "TABLE_BAD", message: expect.stringContaining(reason) };
    await expect(failed).rejects.toMatchObject(refused);
    expect(readIndex(home).versions).toEqual([]);
  });

  it("may not hold infinities", () => {
    const columns = ["id", "a"].map((name) => ({ name, kind: "number", values: Float64Array.of(1, -1 / 0) }) as const);
    expect(() => rowsForModel("t.csv", columns, { id: "id", features: ["a"], inputs: 1 })).toThrow(
      /a is -Infinity in row 2/,
    );
  });

  it("needs as many columns as a model without names has", async () => {
    const nameless = exported(modelOf(STATES.boosting as ModelState, ["f0", "f1", "f2"]));
    writeFileSync(path, "id,z,y,x\n1,0.1,0.2,0.3\n");
    expect((await importInto(freshHome(), nameless, path)).features).toEqual(["z", "y", "x"]);
    writeFileSync(path, "id,z,y\n1,0.1,0.2\n");
    await expect(importInto(freshHome(), nameless, path)).rejects.toThrow(/2 columns besides id/);
  });
});
