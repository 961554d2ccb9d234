import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { asInstant } from "../../src/base/time.js";
import type { World } from "../../src/base/world.js";
import {
  loadModel,
  modelPath,
  promoteModel,
  readIndex,
  registerModel,
  rollBack,
  verifyModels,
} from "../../src/registry/local.js";
import { type ModelBody, type ModelFile, riskLevelsOf, sha256, versioned } from "../../src/registry/model-file.js";
import { METRIC_NAMES, type Metrics, type Verdict } from "../../src/schema/documents.js";

const folder = mkdtempSync(join(tmpdir(), "refrain-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let homes = 0;
const freshHome = (): string => join(folder, `home${homes++}`);

const worldAt = (ms: number): World => ({
  now: () => asInstant(ms),
  seed: 1,
  threads: 1,
  log: { debug() {}, info() {}, warn() {} },
  signal: { aborted: false },
});
const world = worldAt(0);

function modelOf(seed: number, { leaky = false, verdict = "passed" as Verdict | null } = {}): ModelFile {
  const body: ModelBody = {
    format: "refrain-model/1",
    protocol: leaky ? "whole-history" : "point-in-time",
    leaky,
    riskSet: null,
    label: { name: "cancellation", version: 1 },
    catalogue: { name: "point-in-time", accumulators: {} },
    features: ["songs"],
    estimator: "logistic",
    params: {},
    state: { kind: "logistic", coef: [0.1 + seed] },
    calibrator: { kind: "none" },
    threshold: { value: 0.1, why: "a test" },
    baseRate: 0.05,
    riskLevels: riskLevelsOf(0.05),
    training: { rows: 1, users: 1, churnedUsers: 1, throughMs: null, dataSha256: "", seed, simulated: false },
    metrics: Object.fromEntries(METRIC_NAMES.map((name) => [name, null])) as unknown as Metrics,
    intervals: {},
    gate: null,
    audits: verdict === null ? null : { verdict, placebo: { auc: 0.5, low: 0.4, high: 0.6, draws: 20, verdict } },
  };
  return versioned(body);
}

describe("versions", () => {
  test("are the label and twelve digits of the SHA-256 of everything else", () => {
    const { version, ...body } = modelOf(1);
    expect(version).toBe(`cancellation-${sha256(JSON.stringify(body)).slice(0, 12)}`);
    expect(modelOf(1)).toEqual(modelOf(1));
    expect(modelOf(2).version).not.toBe(version);
  });

  test("a model comes back as it was registered; again, it changes nothing", () => {
    const home = freshHome();
    const model = modelOf(1);
    const entry = registerModel(home, model, worldAt(86_400_000));
    expect(entry).toMatchObject({
      version: model.version,
      registeredAt: "1970-01-02T00:00:00.000Z",
      verdict: "passed",
    });
    expect(loadModel(home, model.version)).toEqual({ model, entry });
    expect(registerModel(home, model, worldAt(99_999_999))).toEqual(entry);
    expect(readIndex(home)).toEqual({ versions: [entry], champion: null, previous: [] });
  });
});

describe("a model file that was touched is not used", () => {
  test("changed, cut short or gone: MODEL_BROKEN, and verify names it", () => {
    for (const harm of [
      (path: string) => writeFileSync(path, readFileSync(path, "utf8").replace("1.1", "1.2")),
      (path: string) => writeFileSync(path, ""),
      (path: string) => rmSync(path),
    ]) {
      const home = freshHome();
      const [first, second] = [modelOf(1), modelOf(2)];
      for (const model of [first, second]) registerModel(home, model, world);
      promoteModel(home, first.version);
      expect(verifyModels(home).map(({ intact }) => intact)).toEqual([true, true]);
      harm(modelPath(home, first.version));
      expect(() => loadModel(home)).toThrow(expect.objectContaining({ code: "MODEL_BROKEN" }));
      expect(loadModel(home, second.version).model).toEqual(second);
      expect(verifyModels(home).map(({ intact }) => intact)).toEqual([false, true]);
    }
  });
});

describe("who serves", () => {
  test("nobody at first", () => {
    const home = freshHome();
    registerModel(home, modelOf(1), world);
    expect(() => loadModel(home)).toThrow(expect.objectContaining({ code: "NO_MODEL" }));
    expect(() => rollBack(home)).toThrow(expect.objectContaining({ code: "NO_MODEL" }));
    expect(() => promoteModel(home, "none")).toThrow(expect.objectContaining({ code: "MODEL_UNKNOWN" }));
    expect(() => loadModel(home, "none")).toThrow(expect.objectContaining({ code: "MODEL_UNKNOWN" }));
  });

  test("a leaky model or one that failed an audit is barred; one that could not be judged is not", () => {
    const home = freshHome();
    const cases = [
      [modelOf(1, { leaky: true }), "its protocol leaks the future"],
      [modelOf(2, { verdict: "failed" }), "it failed an audit"],
      [modelOf(3, { verdict: "inconclusive" }), null],
    ] as const;
    for (const [model, reason] of cases) {
      registerModel(home, model, world);
      const promote = () => promoteModel(home, model.version);
      if (reason === null) promote();
      else
        expect(promote).toThrow(
          expect.objectContaining({ code: "PROMOTION_BARRED", details: { version: model.version, reason } }),
        );
    }
    expect(readIndex(home).champion).toBe(cases[2][0].version);
  });

  test("roll back goes through those that served before, latest first", () => {
    const home = freshHome();
    const models = [1, 2, 3].map((seed) => modelOf(seed));
    for (const model of models) {
      registerModel(home, model, world);
      promoteModel(home, model.version);
      promoteModel(home, model.version);
    }
    const [first, second, third] = models.map(({ version }) => version);
    expect(readIndex(home)).toMatchObject({ champion: third, previous: [second, first] });
    expect(rollBack(home)).toBe(second);
    expect(loadModel(home).model.version).toBe(second);
    expect(rollBack(home)).toBe(first);
    expect(() => rollBack(home)).toThrow(expect.objectContaining({ code: "NO_MODEL" }));
    expect(readIndex(home).champion).toBe(first);
  });
});
