import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { seededRng } from "../../../src/base/rng.js";
import type { Calibrator } from "../../../src/evaluate/calibration.js";
import type { EnsembleState } from "../../../src/models/ensemble.js";
import { fitKinds, withKinds } from "../../../src/models/kinds.js";
import { fitLogistic, type LogisticState } from "../../../src/models/logistic.js";
import type { ModelState } from "../../../src/models/model-state.js";
import { sequence } from "../../../src/models/sequence/sequence.js";
import { exportModel } from "../../../src/pipeline/exchange/export-model.js";
import { modelProbabilities } from "../../../src/pipeline/model-probabilities.js";
import { registerModel } from "../../../src/registry/local.js";
import type { ModelFile } from "../../../src/registry/model-file.js";
import { randomBoosting, randomForest, randomRows } from "../../models/trees/random-trees.js";
import { askPython, lacksPython } from "../../python.js";
import { temporaryFolder } from "../ingest-fixture.js";
import { csvOf, modelOf, world } from "./model-fixture.js";

const folder = temporaryFolder();
const home = join(folder, "home");
const NAMES = ["a", "b", "c", "ä", "e", "f"];
const x = randomRows("onnx", 1000, NAMES.length);
// Half of the columns missing, and counts with their chances, for kinds.
for (let i = 0; i < x.rows; i += 11) x.data.fill(Number.NaN, i * x.cols, i * x.cols + 3);
for (let i = 0; i < x.rows; i++) {
  const rng = seededRng(`counts ${i}`);
  const songs = Math.floor(rng.uniform() * 400);
  x.data[i * x.cols + 4] = Math.floor(songs * (i % 2 ? 0.02 : 0.3) * (0.8 + 0.4 * rng.uniform()));
  x.data[i * x.cols + 5] = i % 37 === 0 ? Number.NaN : songs;
}
const y = Uint8Array.from({ length: x.rows }, (_, i) => ((x.data[i * x.cols] ?? 0) > 0.3 || i % 9 === 0 ? 1 : 0));

const plain = { penalty: "l2", C: 1, classWeight: null } as const;

function logisticWithKinds(): LogisticState {
  const signals = [{ name: "e", events: 4, exposure: 5 }];
  const kinds = fitKinds(x, Int32Array.from(y.keys()), signals, seededRng("kinds"));
  expect(kinds.names.length).toBeGreaterThan(0);
  return { ...fitLogistic(withKinds(kinds, x), y, null, { ...plain, selectK: null }), inputs: x.cols, kinds };
}

const size = { inputs: NAMES.length, depth: 5, trees: 60 };
const boosting = randomBoosting("onnx", size);
const leaf = {
  feature: [-1],
  threshold: [0],
  left: [-1],
  right: [-1],
  missingLeft: [0],
  value: [-0.5],
  cover: [1],
  gain: [0],
} as const;
const STATES: Readonly<Record<string, ModelState>> = {
  "logistic of four columns": fitLogistic(x, y, null, { ...plain, selectK: 4 }),
  "logistic that dropped all": {
    ...fitLogistic(x, y, null, { ...plain, selectK: 1 }),
    columns: [],
    mean: [],
    scale: [],
    coef: [],
  },
  "logistic with kinds": logisticWithKinds(),
  boosting,
  "one tree of one leaf": { ...boosting, trees: [leaf] },
  "no tree but one leaf among others": {
    ...boosting,
    kind: "xgboost",
    trees: [...boosting.trees, leaf, ...boosting.trees],
  },
  "no tree at all": { ...boosting, trees: [] },
  sequence: sequence.fit(x, y, null, { ...sequence.defaults, days: 2, epochs: 3, members: 2 }, world),
  forest: randomForest("onnx", size),
  "models that vote": together(null),
  "models in a stack": together({
    kind: "logistic",
    inputs: 4,
    columns: [0, 1, 3],
    mean: [-1, -0.5, 0.2],
    scale: [1.5, 2, 1],
    coef: [0.8, 0.3, 0.9],
    intercept: -1.2,
  }),
};

/** One tree says 0 and 1, where a stack cuts log-odds. */
function together(line: LogisticState | null): EnsembleState {
  const members: EnsembleState["members"] = [
    { name: "logistic", state: logisticWithKinds() },
    { name: "forest", state: randomForest("sure", { ...size, trees: 1 }) },
    { name: "boosting", state: boosting },
    { name: "xgboost", state: { ...randomBoosting("other", size), kind: "xgboost" } },
  ];
  return { kind: "ensemble", inputs: NAMES.length, members, line };
}
// A steep line, so that a difference before it would show.
const STEEP = { kind: "isotonic", x: [0.2, 0.3, 0.300001, 0.5, 0.9], y: [0, 0.1, 0.4, 0.4, 1] } as const;
const CALIBRATORS: readonly Calibrator[] = [
  { kind: "none" },
  { kind: "platt", a: -1.3, b: 0.7 },
  STEEP,
  { kind: "isotonic", x: [0.4], y: [0.2] },
];

const MODELS = Object.entries(STATES).flatMap(([name, state]) =>
  CALIBRATORS.map((calibrator) => ({ name: `${name}, ${calibrator.kind}`, model: modelOf(state, NAMES, calibrator) })),
);

describe.skipIf(lacksPython("onnxruntime", "onnx"))("onnxruntime (of PYTHON)", () => {
  const program = `
import sys, json, csv, numpy as np, onnx, onnxruntime as ort
rows = list(csv.reader(open(sys.argv[1])))
x = np.array([[np.nan if v == "" else float(v) for v in r[1:]] for r in rows[1:]], dtype=np.float64)
out = []
for path in sys.argv[2:]:
    onnx.checker.check_model(path, full_check=True)
    s = ort.InferenceSession(path, providers=["CPUExecutionProvider"])
    [i], [o] = s.get_inputs(), s.get_outputs()
    p = s.run(None, {i.name: x})[0]
    one = s.run(None, {i.name: x[:1]})[0]
    assert p.shape == (len(x), 1) and one.shape == (1, 1) and p.dtype == np.float64
    out.append({"p": p.ravel().tolist(), "names": [i.name, o.name], "features": json.loads(s.get_modelmeta().custom_metadata_map["features"])})
print(json.dumps(out))`;

  it("reads every kind of model with every calibrator, and says the same of 1,000 rows", () => {
    const table = join(folder, "rows.csv");
    writeFileSync(table, csvOf(x, NAMES));
    const files = MODELS.map(({ model }, i) => {
      registerModel(home, model, world);
      const out = join(folder, `${i}.onnx`);
      exportModel(home, { version: model.version, format: "onnx", out });
      return out;
    });
    const answers = askPython<{ p: number[]; names: string[]; features: string[] }[]>(program, table, ...files);
    const furthest = MODELS.map(({ name, model }, i) => {
      const ours = modelProbabilities(model as ModelFile, x);
      expect(answers[i]?.names).toEqual(["features", "churn_probability"]);
      expect(answers[i]?.features).toEqual(NAMES);
      return { name, apart: Math.max(...ours.map((p, row) => Math.abs(p - (answers[i]?.p[row] ?? Number.NaN)))) };
    });
    expect(furthest.filter(({ apart }) => !(apart < 1e-9))).toEqual([]);
  });
});
