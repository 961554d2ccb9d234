import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { matrix } from "../../../src/base/matrix.js";
import { boostedMargin, leavesOf } from "../../../src/models/trees/walk.js";
import { readXgboostJson } from "../../../src/models/xgboost-json/read.js";
import { writeXgboostJson } from "../../../src/models/xgboost-json/write.js";
import { exportModel } from "../../../src/pipeline/exchange/export-model.js";
import { importModel } from "../../../src/pipeline/exchange/import-model.js";
import { modelProbabilities } from "../../../src/pipeline/model-probabilities.js";
import { loadModel, promoteModel, registerModel } from "../../../src/registry/local.js";
import type { ModelFile } from "../../../src/registry/model-file.js";
import { randomBoosting, randomForest, randomRows } from "../../models/trees/random-trees.js";
import { XGBOOST_FILE, XGBOOST_MODELS, xgboostReference, xgboostText } from "../../models/xgboost-reference.js";
import { askPython, lacksPython } from "../../python.js";
import { needsShared, sharedPath } from "../../shared.js";
import { temporaryFolder } from "../ingest-fixture.js";
import { csvOf, modelOf, world } from "./model-fixture.js";

const folder = temporaryFolder();
const home = join(folder, "home");
const NAMES = ["age", "songs", "thumbs_down", "gender_F"];
const state = randomBoosting("xgboost", { inputs: 4, depth: 4, trees: 40 });
const x = randomRows("rows of xgboost", 1000, 4);
const table = join(folder, "rows.csv");
writeFileSync(table, csvOf(x, NAMES));

function written(model: ModelFile): string {
  registerModel(home, model, world);
  const out = join(folder, `${model.version}.json`);
  exportModel(home, { version: model.version, format: "xgboost", out });
  return out;
}

const importScored = (file: string) =>
  importModel(home, { file, format: "xgboost", table: { path: table, id: "id" } }, world);

const furthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - (b[i] ?? Number.NaN))));

describe("a model of XGBoost", () => {
  it("comes back as it went, scores a table in row order, and never serves", async () => {
    const model = modelOf(state, NAMES);
    const { version, features, ids, probabilities } = await importScored(written(model));
    expect(features).toEqual(NAMES);
    expect(ids.slice(0, 2)).toEqual(["u0", "u1"]);
    expect(probabilities).toEqual(Array.from(modelProbabilities(model, x)));
    expect(loadModel(home, version).model).toMatchObject({
      protocol: "table",
      estimator: "xgboost",
      metrics: { f1: null },
    });
    expect(() => promoteModel(home, version)).toThrow(/nothing shows when/);
    const again = await importScored(written(model));
    expect(again.version).toBe(version);
  });

  it("takes a Platt line into its leaves", async () => {
    const model = modelOf(state, NAMES, { kind: "platt", a: -0.8, b: 0.3 });
    const { probabilities } = await importScored(written(model));
    expect(furthest(probabilities, modelProbabilities(model, x))).toBeLessThan(1e-6);
  });

  it.each([
    ["forest", modelOf(randomForest("f", { inputs: 4, depth: 2, trees: 3 }), NAMES)],
    ["isotonic", modelOf(state, NAMES, { kind: "isotonic", x: [0, 1], y: [0, 1] })],
  ])("is not made of what its format cannot hold: %s", (reason, model) => {
    expect(() => written(model)).toThrow(
      expect.objectContaining({ code: "EXPORT_UNFIT", message: expect.stringContaining(reason) }),
    );
  });
});

describe.skipIf(lacksPython("xgboost"))("Python's xgboost (of PYTHON)", () => {
  const program = `
import sys, json, csv, numpy as np, xgboost as xgb
rows = list(csv.reader(open(sys.argv[1])))
x = np.array([[np.nan if v == "" else float(v) for v in r[1:]] for r in rows[1:]], dtype=np.float32)
out = []
for path in sys.argv[2:]:
    b = xgb.Booster(model_file=path)
    d = xgb.DMatrix(x, feature_names=b.feature_names)
    out.append({"p": b.predict(d).tolist(), "leaves": b.predict(d, pred_leaf=True).shape[1], "names": b.feature_names,
                "sum": float(np.abs(b.predict(d, pred_contribs=True).sum(1) - b.predict(d, output_margin=True)).max())})
print(json.dumps(out))`;

  it("reads what we write and predicts the same for 1,000 rows, with names, without, with a Platt line, with an odd base", () => {
    const models = [
      modelOf(state, NAMES),
      modelOf(state, ["f0", "f1", "f2", "f3"]),
      modelOf(state, NAMES, { kind: "platt", a: -0.8, b: 0.3 }),
      modelOf({ ...state, base: Math.fround(1e-9) }, NAMES),
    ];
    const answers = askPython<{ p: number[]; names: string[] | null; sum: number }[]>(
      program,
      table,
      ...models.map(written),
    );
    expect(answers.map(({ names }) => names)).toEqual([NAMES, null, NAMES, NAMES]);
    answers.forEach(({ p, sum }, i) => {
      expect(furthest(p, modelProbabilities(models[i] as ModelFile, x))).toBeLessThan(1e-6);
      expect(sum).toBeLessThan(1e-4);
    });
  });
});

describe.skipIf(lacksPython("xgboost"))("what Python's xgboost saves", () => {
  const program = `
import sys, json, numpy as np, xgboost as xgb
r = np.random.default_rng(0); x = r.normal(size=(400, 4)).astype("f4"); x[r.random(x.shape) < .1] = np.nan
y = (r.random(400) < 1 / (1 + np.exp(-np.nan_to_num(x[:, 0])))).astype(int); d = xgb.DMatrix(x, y)
def saved(params):
    b = xgb.train({"objective": "binary:logistic", "max_depth": 5, **params}, d, 10); b.save_model(sys.argv[1])
    return {"text": open(sys.argv[1]).read(), "margin": b.predict(d, output_margin=True).tolist(), "leaf": b.predict(d, pred_leaf=True).ravel().tolist()}
print(json.dumps({"x": [None if np.isnan(v) else float(v) for v in x.ravel()], "models": [
  saved({"tree_method": "exact", "gamma": 2}), saved({"num_parallel_tree": 3, "subsample": .5}),
  saved({"grow_policy": "lossguide", "max_leaves": 9, "max_depth": 0, "base_score": .01}), saved({"gamma": 1e6})]}))`;

  it("is read with pruned nodes, parallel trees, by loss and with trees of one leaf: leaves exact, margins bit for bit", () => {
    interface Saved {
      readonly text: string;
      readonly margin: number[];
      readonly leaf: number[];
    }
    const answer = askPython<{ x: (number | null)[]; models: Saved[] }>(program, join(folder, "saved.json"));
    const rows = matrix(
      400,
      4,
      Float64Array.from(answer.x, (value) => value ?? Number.NaN),
    );
    for (const { text, margin, leaf } of answer.models) {
      const read = readXgboostJson(text, "saved.json").state;
      expect(Array.from(boostedMargin(read, rows))).toEqual(margin);
      expect(Array.from(leavesOf(read, rows))).toEqual(leaf);
      const again = readXgboostJson(writeXgboostJson(read, null), "again.json").state;
      expect(again).toEqual(read);
    }
    expect(answer.models.some(({ text }) => /"num_deleted":"[1-9]/.test(text))).toBe(true);
  });
});

describe.skipIf(needsShared(XGBOOST_FILE))("the saved models of XGBoost 2.1.4", () => {
  it.each(XGBOOST_MODELS)("%s, imported with a table, gives the library's probabilities", async (name) => {
    const reference = xgboostReference(name);
    const rows = join(folder, `${name}.csv`);
    const columns = Array.from({ length: reference.x.cols }, (_, j) => `column ${j}`);
    writeFileSync(rows, csvOf(reference.x, columns));
    const file = sharedPath(`reference/xgboost/model-${name}.json`);
    const { features, probabilities } = await importModel(
      home,
      { file, format: "xgboost", table: { path: rows, id: "id" } },
      world,
    );
    expect(features).toEqual(columns);
    expect(furthest(probabilities, reference.expected.probability)).toBeLessThan(1e-6);
  });

  it("are not changed by a byte without notice", async () => {
    const file = join(folder, "short.json");
    writeFileSync(file, xgboostText("depth3").slice(0, -1));
    await expect(importScored(file)).rejects.toMatchObject({ code: "MODEL_FILE_BAD" });
    expect(readFileSync(file).length).toBeGreaterThan(1000);
  });
});
