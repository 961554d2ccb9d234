import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { logit, sigmoid } from "../../src/base/math/sigmoid.js";
import { seededRng } from "../../src/base/rng.js";
import { asInstant, MS_PER_DAY, parseInstant } from "../../src/base/time.js";
import { drawPlaceboTimes } from "../../src/evaluate/audits/placebo.js";
import { applyCalibrator } from "../../src/evaluate/calibration.js";
import { labelRows } from "../../src/evaluate/dataset.js";
import { POINT_IN_TIME_SHAPE } from "../../src/evaluate/splits.js";
import { RISK_SET } from "../../src/features/risk-set.js";
import type { SnapshotTable } from "../../src/features/snapshot-table.js";
import { cancellation } from "../../src/labels/cancellation.js";
import { contributionsOf } from "../../src/models/contributions.js";
import type { LogisticState } from "../../src/models/logistic.js";
import { audit } from "../../src/pipeline/audit.js";
import { snapshotFile } from "../../src/pipeline/features.js";
import { predict } from "../../src/pipeline/predict.js";
import { exitOf, run } from "../../src/pipeline/run.js";
import { snapshotUsers } from "../../src/pipeline/snapshot.js";
import { prepare } from "../../src/pipeline/train/prepare.js";
import { train } from "../../src/pipeline/train.js";
import { trainingHash } from "../../src/pipeline/training-hash.js";
import { spanOf, userSpans } from "../../src/pipeline/user-spans.js";
import { loadModel, readIndex, verifyModels } from "../../src/registry/local.js";
import type { ModelFile } from "../../src/registry/model-file.js";
import { readReference } from "../../src/registry/reference-file.js";
import type { RunDocument, ScoresDocument, SkippedDocument, TrainingDocument } from "../../src/schema/documents.js";
import type { EventColumns } from "../../src/schema/event-columns.js";
import { ORDERED_FIELDS } from "../../src/schema/fold-order.js";
import { PAGE } from "../../src/schema/pages.js";
import { openLake } from "../../src/store/lake.js";
import { readEventColumns } from "../../src/store/read-event-columns.js";
import { readTable } from "../../src/store/read-table.js";
import { temporaryFolder, testWorld } from "./ingest-fixture.js";
import { simulatedLog, UNTUNED } from "./simulated-home.js";

const folder = temporaryFolder();
const home = join(folder, "home");
const world = testWorld();
const alone = { ...world, threads: 1 };

let document: RunDocument;
let columns: EventColumns;
let model: ModelFile;
let champion: string;

function done<T extends object>(part: T | SkippedDocument): T {
  if ("skipped" in part) throw new Error(part.skipped.message);
  return part;
}

beforeAll(async () => {
  const { log, truth } = await simulatedLog(folder, { users: 200, seed: 1 }, world);
  document = await run(home, { paths: [log], ingest: { map: {} }, training: UNTUNED, truth }, world);
  columns = await readEventColumns(openLake(home), world);
  ({ model } = loadModel(home));
  champion = model.version;
});

describe("the run document", () => {
  test("every part was done; the honest model was audited and serves", () => {
    expect(exitOf(document)).toBe(0);
    const { ingest, recovery, simulated } = document;
    expect(ingest.lines).toBe(ingest.accepted + ingest.duplicates + ingest.quarantined);
    expect(ingest.users).toBe(200);
    expect(recovery.accuracy).toBeGreaterThan(0.98);
    expect(simulated).toBe(true);
    const training = done<TrainingDocument>(document.training);
    expect(training).toMatchObject({ protocol: "point-in-time", leaky: false, version: champion });
    expect(training.testBlocks).toHaveLength(3);
    const { features, user, score, unseenScore } = readReference(home, champion);
    expect(features).toEqual(training.features);
    expect(new Set(user).size).toBe(training.users);
    expect(score).toHaveLength(training.rows);
    expect(score.every((p) => p >= 0 && p <= 1)).toBe(true);
    const unseen = unseenScore.filter((p) => !Number.isNaN(p));
    expect(unseen.length).toBeGreaterThan(training.rows / 4);
    expect(unseen.length).toBeLessThan(training.rows);
    expect(readIndex(home).champion).toBe(champion);
    for (const [name, path] of Object.entries(document.files)) expect(existsSync(path), name).toBe(true);
    const kept = (name: string): unknown => JSON.parse(readFileSync(document.files[name] ?? "", "utf8"));
    expect(kept("run")).toEqual(JSON.parse(JSON.stringify(document)));
    expect(kept("scores")).toEqual(JSON.parse(JSON.stringify(document.scores)));
  });

  test("there is something to find, and it is found", () => {
    const [best] = done<TrainingDocument>(document.training).candidates;
    expect(best?.intervals.rocAuc?.low).toBeGreaterThan(0.55);
    expect(best?.metrics.averagePrecision).toBeGreaterThan(done<TrainingDocument>(document.training).baseRate);
  });

  test("where churn is pure chance the honest protocol finds nothing, the whole history finds much", () => {
    const honest = document.audits;
    expect(honest?.verdict).not.toBe("failed");
    expect(honest?.placebo.draws).toBe(20);
    expect(honest && "futureShuffle" in honest && honest.futureShuffle).toMatchObject({
      verdict: "passed",
      featuresChanged: [],
      trainingUnchanged: true,
    });
    const leaky = done<TrainingDocument>(document.wholeHistory);
    expect(leaky).toMatchObject({ leaky: true, protocol: "whole-history" });
    expect(leaky.audits?.placebo).toMatchObject({ verdict: "failed", draws: 20 });
    expect(leaky.audits?.placebo.auc).toBeGreaterThan(0.7);
    expect(leaky.audits?.placebo.low).toBeGreaterThan(0.6);
  });

  test("rates add up", () => {
    const training = done<TrainingDocument>(document.training);
    const cancelled = cancellation.eventTimes(columns).filter((at) => !Number.isNaN(at)).length;
    expect(training.wholeLogShare).toBe(cancelled / columns.users.length);
    expect(model.training.churnedUsers).toBe(Math.round((training.catchableShare ?? 0) * cancelled));
    expect(training.catchableShare).toBeGreaterThan(0.4);
    expect(training.catchableShare).toBeLessThan(1);
    expect(model.training.throughMs).toBeLessThanOrEqual(spanOf(columns).lastTsMs);
    expect(model.riskLevels).toEqual({ medium: 1.5 * model.baseRate, high: 4 * model.baseRate });
  });
});

describe("same data, same bytes", () => {
  test("threads do not change a snapshot by a bit", async () => {
    expect(columns.tsMs.length).toBeGreaterThan(100_000);
    const end = spanOf(columns).lastTsMs;
    const cutoffs = [40, 10, 0].map((days) => asInstant(end - days * MS_PER_DAY));
    for (const catalogue of ["point-in-time", "whole-history"] as const) {
      const plan = { catalogue, cutoffs, riskSet: catalogue === "point-in-time" ? RISK_SET : null };
      expect(await snapshotUsers(columns, plan, world)).toEqual(await snapshotUsers(columns, plan, alone));
    }
  });

  test("a second training, on one thread and from the lake again, is the same model file", async () => {
    const before = readFileSync(join(home, "models", `${champion}.json`), "utf8");
    const index = readIndex(home);
    const again = await readEventColumns(openLake(home), alone);
    const { version, seconds, ...rest } = await train(
      { home: join(folder, "again"), columns: again, protocol: "point-in-time", options: UNTUNED },
      alone,
    );
    expect(version).toBe(champion);
    expect(readFileSync(join(folder, "again", "models", `${champion}.json`), "utf8")).toBe(before);
    expect(document.training).toMatchObject(rest);
    expect(readIndex(home)).toEqual(index);
    expect(verifyModels(home).every(({ intact }) => intact)).toBe(true);
    expect(before).not.toContain(folder);
  });
});

test("audits alone find what the training's audits found, and keep no model", async () => {
  const before = readIndex(home);
  const { label, simulated, seconds, ...alone } = await audit(columns, UNTUNED, world);
  expect(alone).toEqual(document.audits);
  expect({ label, simulated }).toEqual({ label: "cancellation", simulated: true });
  expect(Object.keys(alone).sort()).toEqual([
    "adversarial",
    "futureShuffle",
    "oneFeature",
    "permutedLabels",
    "placebo",
    "verdict",
  ]);
  expect(readIndex(home)).toEqual(before);
});

test.each(["point-in-time", "whole-history"] as const)(
  "%s: an interrupt is heard, and nothing is registered",
  async (protocol) => {
    const stopped = { ...alone, signal: { aborted: true } };
    const own = join(folder, `stopped-${protocol}`);
    const training = train({ home: own, columns, protocol, options: UNTUNED }, stopped);
    await expect(training).rejects.toMatchObject({ code: "INTERRUPTED", exit: 130 });
    expect(readIndex(own).versions).toEqual([]);
  },
);

test("the placebo's shortcut is the long way: logs really cut, cancelled and folded again, to the bit", async () => {
  const prepared = await prepare(columns, UNTUNED, world);
  const spans = userSpans(columns, prepared.eventMs);
  const times = drawPlaceboTimes(spans, seededRng(world.seed).fork("placebo-0"));
  expect(times.filter(Number.isFinite).length).toBeGreaterThan(20);
  const short = cutAt(columns, times);
  const refolded = await snapshotUsers(
    short,
    { catalogue: "point-in-time", cutoffs: prepared.cutoffs, riskSet: RISK_SET },
    world,
  );
  // What the appended cancellations say, and nothing of those who had really cancelled.
  const eventMs = cancellation
    .eventTimes(short)
    .map((at, user) => (Number.isFinite(times[user]) ? at : (times[user] ?? 0)));
  const longWay = labelRows(refolded, eventMs, POINT_IN_TIME_SHAPE.horizon);
  const shortcut = labelRows(prepared.table, times, POINT_IN_TIME_SHAPE.horizon);
  expect(trainingHash(longWay)).toBe(trainingHash(shortcut));
  expect(longWay.inGap).toBe(shortcut.inGap);
  expect(shortcut.y.reduce<number>((sum, label) => sum + label, 0)).toBeGreaterThan(20);
  expect(refolded.x.rows).toBeLessThan(prepared.table.x.rows);
});

describe("scores", () => {
  const scores = () => done<ScoresDocument>(document.scores);
  const at = () => parseInstant(scores().asOf) ?? asInstant(Number.NaN);
  const rowsAt = (riskSet: typeof RISK_SET | null): Promise<SnapshotTable> =>
    snapshotUsers(columns, { catalogue: "point-in-time", cutoffs: [at()], riskSet }, alone);

  test("everyone at risk, riskiest first, is scored at the end of the data", async () => {
    expect(at()).toBe(spanOf(columns).lastTsMs);
    const table = await rowsAt(RISK_SET);
    const { users } = scores();
    expect(users.map((user) => user.user_id).sort()).toEqual(
      [...table.userIndex].map((user) => table.users[user]).sort(),
    );
    const risks = users.map((user) => user.churn_probability);
    expect(risks).toEqual(risks.toSorted((a, b) => b - a));
    expect(users.every((user) => user.at_risk)).toBe(true);
  });

  test("contributions and the intercept add up to the log-odds, the calibrator makes the probability", async () => {
    const table = await rowsAt(null);
    expect(model.calibrator.kind).toBe("none");
    const state = model.state as LogisticState;
    for (const user of scores().users) {
      const row = [...table.userIndex].findIndex((index) => table.users[index] === user.user_id);
      const values = table.x.data.slice(row * table.x.cols, (row + 1) * table.x.cols);
      const { effects, values: seen } = contributionsOf(state, values);
      const names = [...model.features, ...(state.kinds?.names ?? [])];
      const margin = effects.reduce((sum, effect) => sum + effect, state.intercept);
      const [calibrated = Number.NaN] = applyCalibrator(model.calibrator, Float64Array.of(sigmoid(margin)));
      expect(logit(user.churn_probability)).toBeCloseTo(logit(calibrated), 9);
      for (const { feature, effect, value } of user.reasons) {
        const column = names.indexOf(feature);
        expect(effect).toBe(effects[column]);
        expect(value ?? Number.NaN).toBe(seen[column]);
      }
      const sizes = effects.map(Math.abs).toSorted().toReversed();
      expect(user.reasons.map(({ effect }) => Math.abs(effect))).toEqual([...sizes.slice(0, user.reasons.length)]);
    }
  });

  test("effects are on the log-odds of the probability that is shown", async () => {
    const flatter: ModelFile = { ...model, calibrator: { kind: "platt", a: -0.5, b: 1 } };
    const scored = await predict(columns, flatter, { users: null, at: null }, alone);
    for (const [i, { reasons }] of scored.users.entries()) {
      const before = new Map(scores().users[i]?.reasons.map(({ feature, effect }) => [feature, effect]));
      for (const { feature, effect } of reasons) expect(effect).toBe((before.get(feature) ?? Number.NaN) / 2);
    }
  });

  test("risk levels and predictions follow the model's frozen thresholds", () => {
    const { medium, high } = model.riskLevels;
    for (const { churn_probability: p, risk_level: level, churn_prediction: predicted } of scores().users) {
      expect(level).toBe(p >= high ? "high" : p >= medium ? "medium" : "low");
      expect(predicted).toBe(p >= model.threshold.value);
    }
    expect(new Set(scores().users.map((user) => user.risk_level)).size).toBeGreaterThan(1);
  });

  test("named users come in the order given, also outside the risk set, and marked so", async () => {
    const gone = columns.users[cancellation.eventTimes(columns).findIndex((time) => !Number.isNaN(time))] ?? "";
    const { users } = scores();
    const names = [users[5]?.user_id ?? "", gone, users[0]?.user_id ?? ""];
    const named = await predict(columns, model, { users: names, at: null }, alone);
    expect(named.users.map((user) => user.user_id)).toEqual(names);
    expect(named.users.map((user) => user.at_risk)).toEqual([true, false, true]);
    expect(named.users[2]).toEqual(users[0]);
    const nobody = predict(columns, model, { users: ["no such user"], at: null }, alone);
    await expect(nobody).rejects.toMatchObject({ code: "USER_UNKNOWN", details: { user: "no such user" } });
  });

  test("as of an earlier moment, later events have no say", async () => {
    const then = asInstant(at() - 20 * MS_PER_DAY);
    const past = takeEvents(columns, (user) => rowsKnownBy(columns, user, then));
    const asked = await predict(columns, model, { users: null, at: then }, alone);
    expect(asked).toEqual(await predict(past, model, { users: null, at: then }, alone));
    expect(asked.users.length).toBeGreaterThan(100);
  });
});

describe("the features file", () => {
  test("CSV reads back to the bit, and Parquet holds the same", async () => {
    const options = { cutoffs: { everyDays: 20 }, allUsers: true } as const;
    const [csv, parquet] = await Promise.all(
      ["f.csv", "f.parquet"].map(async (name) => {
        const out = join(folder, name);
        const { rows } = await snapshotFile(columns, { ...options, out }, alone);
        const table = await readTable(out, alone);
        for (const { values } of table) expect(values).toHaveLength(rows);
        return table;
      }),
    );
    const end = spanOf(columns).lastTsMs;
    const cutoffs = [60, 40, 20, 0]
      .map((days) => asInstant(end - days * MS_PER_DAY))
      .filter((cutoff) => cutoff >= spanOf(columns).firstTsMs);
    const table = await snapshotUsers(columns, { catalogue: "point-in-time", cutoffs, riskSet: null }, alone);
    expect(csv?.map(({ name }) => name)).toEqual(["user_id", "cutoff", ...table.features]);
    expect(parquet?.map(({ name }) => name)).toEqual(csv?.map(({ name }) => name));
    const wrong = table.features.filter((_, j) => {
      const written = Float64Array.from(csv?.[j + 2]?.values as Float64Array);
      const same = written.every((value, row) => Object.is(value, table.x.data[row * table.x.cols + j]));
      return !same || !written.every((value, row) => Object.is(value, parquet?.[j + 2]?.values[row]));
    });
    expect(wrong).toEqual([]);
    expect(csv?.[0]?.values[0]?.toString()).toBe(table.users[table.userIndex[0] ?? 0]);
  });
});

/** The named rows of each user, in that order; every user stays listed. */
function takeEvents(all: EventColumns, rowsOfUser: (user: number) => readonly number[]): EventColumns {
  const byUser = all.users.map((_, user) => rowsOfUser(user));
  const rows = byUser.flat();
  const userStart = new Int32Array(byUser.length + 1);
  byUser.forEach((own, user) => {
    userStart[user + 1] = (userStart[user] ?? 0) + own.length;
  });
  const taken = ORDERED_FIELDS.map((name) => {
    const values = new (all[name].constructor as Float64ArrayConstructor)(rows.length);
    rows.forEach((row, i) => {
      values[i] = all[name][row] ?? Number.NaN;
    });
    return [name, values] as const;
  });
  return { ...all, ...Object.fromEntries(taken), userStart };
}

/** A user's rows that are known by a moment. */
function rowsKnownBy(all: EventColumns, user: number, atMs: number): number[] {
  const [from = 0, to = 0] = all.userStart.slice(user, user + 2);
  return Array.from({ length: to - from }, (_, i) => from + i).filter((row) => (all.knownAtMs[row] ?? 0) <= atMs);
}

/** The log of every user who was drawn ends at the time drawn, with a Cancellation Confirmation. */
function cutAt(all: EventColumns, times: Float64Array): EventColumns {
  const drawn = (user: number): boolean => Number.isFinite(times[user] ?? Number.NaN);
  const cut = takeEvents(all, (user) => {
    if (!drawn(user)) return rowsKnownBy(all, user, Number.POSITIVE_INFINITY);
    const kept = rowsKnownBy(all, user, times[user] ?? 0);
    // A row more of the user's own, to become the cancellation.
    return [...kept, kept.at(-1) ?? all.userStart[user] ?? 0];
  });
  for (let user = 0; user < all.users.length; user++) {
    if (!drawn(user)) continue;
    const row = (cut.userStart[user + 1] ?? 0) - 1;
    cut.knownAtMs[row] = times[user] ?? 0;
    cut.tsMs[row] = times[user] ?? 0;
    cut.page[row] = PAGE["Cancellation Confirmation"];
  }
  return cut;
}

describe("what a model is for", () => {
  const one = { users: null, at: null };

  test("the risk set it was trained for is the one it serves", async () => {
    const riskSet = { ...RISK_SET, minHistoryDays: 1 };
    const scored = async (served: ModelFile) => (await predict(columns, served, one, alone)).users.length;
    expect(await scored({ ...model, riskSet })).toBeGreaterThan(await scored(model));
  });

  test("changed features are refused, not scored in silence", async () => {
    const accumulators = { ...model.catalogue.accumulators, pages: 99 };
    const older = { ...model, catalogue: { ...model.catalogue, accumulators } };
    const renamed = { ...model, features: ["no_such_feature", ...model.features.slice(1)] };
    for (const [changed, name] of [
      [older, "pages"],
      [renamed, "no_such_feature"],
    ] as const) {
      const refusal = { code: "MODEL_OUTDATED", details: expect.objectContaining({ changed: name }) };
      await expect(predict(columns, changed, one, alone)).rejects.toMatchObject(refusal);
    }
  });

  test("what is made from a simulated log says so", () => {
    const training = done<TrainingDocument>(document.training);
    const scores = done<ScoresDocument>(document.scores);
    expect([document, document.recovery, training, scores, model.training].map(({ simulated }) => simulated)).toEqual(
      Array(5).fill(true),
    );
  });
});
