import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asInstant } from "../../../src/base/time.js";
import type { World } from "../../../src/base/world.js";
import type { ModelState } from "../../../src/models/model-state.js";
import { attemptSync, syncNow } from "../../../src/pipeline/mlflow/attempts.js";
import { modelProbabilities } from "../../../src/pipeline/model-probabilities.js";
import { keepTraining } from "../../../src/registry/kept-training.js";
import {
  addChallenger,
  nameVersion,
  promoteModel,
  registerModel,
  rollBack,
  unnameVersion,
} from "../../../src/registry/local.js";
import { MlflowHttp } from "../../../src/registry/mlflow/http.js";
import { mlflowPlace } from "../../../src/registry/mlflow/place.js";
import { type ModelFile, versioned } from "../../../src/registry/model-file.js";
import type { Verdict } from "../../../src/schema/documents.js";
import { randomBoosting, randomForest, randomRows } from "../../models/trees/random-trees.js";
import { askPython, lacksPython } from "../../python.js";
import { TRAINING } from "../../report/fixture.js";
import { csvOf, modelOf } from "../exchange/model-fixture.js";
import { temporaryFolder } from "../ingest-fixture.js";
import { type Breaker, breakerBefore, MlflowServer } from "./real-server.js";

const NAMES = ["songs_7d", "days since", "ä", "d", "e", "f"];
const size = { inputs: NAMES.length, depth: 5, trees: 30 };
const platt = { kind: "platt", a: -1.3, b: 0.7 } as const;

function made(state: ModelState, { leaky = false, verdict = "passed" as Verdict } = {}): ModelFile {
  const { version: _, ...body } = modelOf(state, NAMES, platt);
  const audits = { verdict, placebo: { auc: 0.5, low: 0.45, high: 0.55, draws: 20, verdict } };
  const { metrics, intervals } = TRAINING.candidates[0] as (typeof TRAINING.candidates)[0];
  const label = { name: "cancellation", version: 1 };
  return versioned({
    ...body,
    protocol: leaky ? "whole-history" : "point-in-time",
    leaky,
    label,
    audits,
    metrics,
    intervals,
  });
}

const champion = made(randomBoosting("champion", size));
const failed = made(randomBoosting("failed", size), { verdict: "failed" });
const leaky = made(randomForest("leaky", size), { leaky: true });
const later = made({ ...randomBoosting("later", size), kind: "xgboost" });

const folder = temporaryFolder();
const home = join(folder, "home");
let nowMs = Date.UTC(2024, 4, 1);
const world: World = {
  now: () => asInstant(nowMs),
  seed: 1,
  threads: 1,
  log: { debug() {}, info() {}, warn() {} },
  signal: { aborted: false },
};

describe.skipIf(lacksPython("mlflow", "onnxruntime"))("mlflow server (of PYTHON)", () => {
  let server: MlflowServer;
  let breaker: Breaker;
  let http: MlflowHttp;

  const send = () => attemptSync(home, { http, producer: "refrain test", command: "test", isUrgent: true }, world);

  async function ask<T>(path: string, body?: unknown): Promise<T> {
    const init =
      body === undefined
        ? {}
        : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    return (await (await fetch(`${server.address}/api/2.0/mlflow/${path}`, init)).json()) as T;
  }

  interface Run {
    readonly info: { readonly run_id: string; readonly status: string; readonly experiment_id: string };
    readonly data: Record<"params" | "metrics" | "tags", { readonly key: string; readonly value: unknown }[]>;
  }

  /** Everything of ours that the server has, by our version. */
  async function there() {
    const { runs } = await ask<{ runs: Run[] }>("runs/search", { experiment_ids: ["1"] });
    const tag = (run: Run) => run.data.tags.find(({ key }) => key === "refrain.version")?.value as string;
    const query = new URLSearchParams({ filter: "name='churn'" });
    const { model_versions: versions = [] } = await ask<{
      model_versions?: { version: string; run_id: string; tags: { key: string; value: string }[] }[];
    }>(`model-versions/search?${query}`);
    const named = await ask<{ registered_model?: { aliases?: { alias: string; version: string }[] } }>(
      "registered-models/get?name=churn",
    );
    const versionOf = (number: string) =>
      versions.find(({ version }) => version === number)?.tags.find(({ key }) => key === "refrain.version")?.value;
    return {
      runs: Object.fromEntries(runs.map((run) => [tag(run), run])),
      finished: runs
        .filter(({ info }) => info.status === "FINISHED")
        .map(tag)
        .sort(),
      count: runs.length,
      versions: versions.map(({ version }) => versionOf(version)).sort(),
      aliases: Object.fromEntries(
        (named.registered_model?.aliases ?? []).map((one) => [one.alias, versionOf(one.version)]),
      ),
    };
  }

  beforeAll(async () => {
    server = await MlflowServer.at(folder);
    breaker = await breakerBefore(server);
    const place = mlflowPlace({ MLFLOW_TRACKING_URI: breaker.address }, { experiment: "refrain", modelName: "churn" });
    if (place === null) throw new Error("no place");
    http = new MlflowHttp(place, fetch);
    for (const model of [champion, failed, leaky]) {
      keepTraining(home, { ...TRAINING, version: model.version, leaky: model.leaky });
      registerModel(home, model, world);
    }
    promoteModel(home, champion.version);
    addChallenger(home, failed.version, ["it failed an audit"]);
    // Nobody is there yet.
    expect(await send()).toMatchObject({ state: "failed", error: { code: "MLFLOW_AWAY" }, isKnown: false });
    await server.start();
  }, 180_000);

  afterAll(async () => {
    breaker.close();
    await server.kill();
  });

  it("gets everything once, wherever it is broken off", async () => {
    const steps = [
      "POST experiments/create",
      "POST runs/create",
      "POST runs/log-batch",
      "PUT mlflow-artifacts/model-card.html",
      "PUT mlflow-artifacts/MLmodel",
      "POST registered-models/create",
      "POST model-versions/create",
      "POST runs/update",
      "POST registered-models/set-tag",
      "POST registered-models/alias",
    ];
    for (const step of steps) {
      breaker.breakAfter = step;
      expect(await send()).toMatchObject({ state: "failed", error: { code: "MLFLOW_AWAY" } });
      expect(breaker.breakAfter).toBeNull();
    }
    expect(await send()).toMatchObject({ state: "done" });
    const all = [champion, failed, leaky].map(({ version }) => version).sort();
    const honest = [champion, failed].map(({ version }) => version).sort();
    const aliases = { champion: champion.version, challenger: failed.version };
    expect(await there()).toMatchObject({ count: 3, finished: all, versions: honest, aliases });
    const asked = breaker.seen.length;
    expect(await send()).toEqual({ state: "idle" });
    expect(breaker.seen.length).toBe(asked);
    // What it has is found out again where that is not known any more.
    rmSync(join(home, "uploads"), { recursive: true });
    expect(await syncNow(home, { http, producer: "t", command: "t", thorough: true }, world)).toMatchObject({
      there: 3,
    });
    expect(await there()).toMatchObject({ count: 3, finished: all, versions: honest, aliases });
  }, 60_000);

  it("shows parameters, figures with their intervals, one of each, verdicts, and files that name no user", async () => {
    const { runs } = await there();
    const run = runs[champion.version] as Run;
    const of = (part: keyof Run["data"]) => Object.fromEntries(run.data[part].map(({ key, value }) => [key, value]));
    const { averagePrecision, rocAuc } = champion.metrics;
    expect(of("metrics")).toMatchObject({ averagePrecision, rocAuc, rocAuc_low: champion.intervals.rocAuc?.low });
    expect(of("params")).toMatchObject({ estimator: "boosting", seed: "1", protocol: "point-in-time", features: "6" });
    expect(of("tags")).toMatchObject({
      "refrain.audits": "passed",
      "refrain.leaky": "false",
      "refrain.simulated": "false",
    });
    const query = new URLSearchParams({ run_id: run.info.run_id, metric_key: "averagePrecision" });
    expect((await ask<{ metrics: unknown[] }>(`metrics/get-history?${query}`)).metrics).toHaveLength(1);
    const names = async (path: string) => {
      const { files = [] } = await ask<{ files?: { path: string }[] }>(
        `artifacts/list?${new URLSearchParams({ run_id: run.info.run_id, path })}`,
      );
      return files.map((file) => file.path);
    };
    expect(await names("")).toEqual(
      [`${champion.version}.json`, "model", "model-card.html", "plots", "report.html", "training.json"].sort(),
    );
    expect(await names("plots")).toContain("plots/roc.svg");
  });

  it("follows promotions, rollbacks and names, and leaves alone what somebody named there", async () => {
    registerModel(home, later, world);
    promoteModel(home, later.version);
    // What the server did after we had given up waiting: one is gone on with, the other goes.
    const tags = [{ key: "refrain.version", value: later.version }];
    for (let late = 0; late < 2; late++) await ask("runs/create", { experiment_id: "1", start_time: nowMs, tags });
    nameVersion(home, "summer", later.version);
    nameVersion(home, "leak", leaky.version);
    const number = await ask<{ registered_model: { aliases: { alias: string; version: string }[] } }>(
      "registered-models/get?name=churn",
    );
    const [{ version } = { version: "" }] = number.registered_model.aliases.filter(({ alias }) => alias === "champion");
    await ask("registered-models/alias", { name: "churn", alias: "theirs", version });
    expect(await send()).toMatchObject({ state: "done" });
    const challenger = failed.version;
    expect(await there()).toMatchObject({ count: 4, finished: expect.arrayContaining([later.version]) });
    const before = { champion: later.version, challenger, summer: later.version, theirs: champion.version };
    expect((await there()).aliases).toEqual(before);
    rollBack(home);
    unnameVersion(home, "summer");
    expect(await send()).toMatchObject({ state: "done", document: { uploaded: [] } });
    expect((await there()).aliases).toEqual({ champion: champion.version, challenger, theirs: champion.version });
  });

  it("killed and back: nothing is lost, nothing double, and Python predicts from it what we do", async () => {
    await server.kill();
    const newest = made(randomBoosting("newest", size));
    registerModel(home, newest, world);
    promoteModel(home, newest.version);
    const waiting = () => attemptSync(home, { http, producer: "refrain test", command: "test" }, world);
    expect(await waiting()).toMatchObject({ state: "failed", error: { code: "MLFLOW_AWAY" }, isKnown: false });
    // Not again at once: a minute, then two.
    expect(await waiting()).toEqual({ state: "idle" });
    nowMs += 60_000;
    expect(await waiting()).toMatchObject({ state: "failed", isKnown: true });
    nowMs += 60_000;
    expect(await waiting()).toEqual({ state: "idle" });
    nowMs += 60_000;
    await server.start();
    expect(await waiting()).toMatchObject({ state: "done", document: { uploaded: [newest.version] } });
    const { count, versions, aliases } = await there();
    expect([count, versions.length, new Set(versions).size]).toEqual([5, 4, 4]);
    expect(aliases).toMatchObject({ champion: newest.version });
    const x = randomRows("mlflow", 1000, NAMES.length);
    const table = join(folder, "rows.csv");
    writeFileSync(table, csvOf(x, NAMES));
    const predicted = askPython<{ p: number[]; flavors: string[] }>(PROGRAM, server.address, table);
    const ours = modelProbabilities(newest, x);
    expect(predicted.flavors).toEqual(["onnx", "python_function"]);
    expect(predicted.p).toHaveLength(1000);
    expect(Math.max(...predicted.p.map((p, row) => Math.abs(p - (ours[row] ?? Number.NaN))))).toBeLessThan(1e-6);
  }, 180_000);
});

/** Columns come in another order: the signature puts them right. */
const PROGRAM = `
import os, sys, json
os.environ["MLFLOW_TRACKING_URI"] = sys.argv[1]
os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR"] = "false"
import pandas, mlflow.pyfunc
model = mlflow.pyfunc.load_model("models:/churn@champion")
rows = pandas.read_csv(sys.argv[2]).drop(columns="id").astype("float64")
p = model.predict(rows[rows.columns[::-1]])["churn_probability"]
print(json.dumps({"p": p.tolist(), "flavors": sorted(model.metadata.flavors)}))`;
