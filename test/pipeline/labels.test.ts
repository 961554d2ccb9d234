import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { asInstant, MS_PER_DAY } from "../../src/base/time.js";
import { POINT_IN_TIME_SHAPE } from "../../src/evaluate/splits.js";
import type { Label } from "../../src/labels/label.js";
import { LABELS } from "../../src/labels/labels.js";
import { ingest } from "../../src/pipeline/ingest.js";
import { predict } from "../../src/pipeline/predict.js";
import { loadEvents } from "../../src/pipeline/recover.js";
import { snapshotUsers } from "../../src/pipeline/snapshot.js";
import type { TrainOptions } from "../../src/pipeline/train/options.js";
import { prepare } from "../../src/pipeline/train/prepare.js";
import { train } from "../../src/pipeline/train.js";
import { spanOf } from "../../src/pipeline/user-spans.js";
import { loadModel, readIndex } from "../../src/registry/local.js";
import type { EventColumns } from "../../src/schema/event-columns.js";
import { PAGE } from "../../src/schema/pages.js";
import { temporaryFolder, testWorld } from "./ingest-fixture.js";
import { FEW_DRAWS, simulatedLog, UNTUNED } from "./simulated-home.js";

const folder = temporaryFolder();
const home = join(folder, "home");
const world = { ...testWorld(), threads: 1 };
let columns: EventColumns;

const untuned = (label: Label, minHistoryDays = 7): TrainOptions => ({
  ...UNTUNED,
  procedure: FEW_DRAWS,
  label,
  shape: {
    ...POINT_IN_TIME_SHAPE,
    horizon: label.window,
    cutoffs: { ...POINT_IN_TIME_SHAPE.cutoffs, minHistoryDays },
  },
});
const trained = (options: TrainOptions, protocol: "point-in-time" | "whole-history" = "point-in-time") =>
  train({ home, columns, protocol, options }, world);

beforeAll(async () => {
  const { log } = await simulatedLog(folder, { users: 200, days: 63, seed: 11 }, world);
  await ingest(home, [log], { map: {} }, world);
  columns = await loadEvents(home, world);
}, 120_000);

describe("each label, from a log to scores", () => {
  const versions: string[] = [];

  test.each(["cancellation", "downgrade", "inactivity"] as const)("%s", async (name) => {
    const label = LABELS[name]({});
    const document = await trained(untuned(label));
    const { model } = loadModel(home, document.version);
    expect(document).toMatchObject({ label: name, labelVersion: label.version });
    expect(document.rules).toEqual({ ...label.window, ...label.riskSet(7), ...label.settings });
    expect(document.positives).toBeGreaterThan(20);
    expect(document.catchableShare).toBeGreaterThan(0.3);
    expect(document.catchableShare).toBeLessThanOrEqual(1);
    expect(document.audits).toMatchObject({
      futureShuffle: { verdict: "passed" },
      placebo: { draws: FEW_DRAWS.draws },
    });
    expect(model.label).toEqual({ name, version: label.version, ...label.window, ...label.settings });
    expect(model.training.throughMs).toBeLessThanOrEqual(spanOf(columns).lastTsMs);
    expect(model.riskSet).toEqual(label.riskSet(7));
    // The first label that was trained goes on serving.
    versions.push(document.version ?? "");
    expect(readIndex(home).champion).toBe(versions[0]);
    expect(document.serves).toBe(name === "cancellation");
    const at = asInstant(spanOf(columns).lastTsMs);
    const plan = { catalogue: "point-in-time", cutoffs: [at], riskSet: label.riskSet(7) } as const;
    const { userIndex } = await snapshotUsers(columns, plan, world);
    const scores = await predict(columns, model, { users: null, at: null }, world);
    expect(scores.label).toBe(name);
    expect(scores.users.map((user) => user.user_id).sort()).toEqual(
      [...userIndex].map((user) => columns.users[user] ?? ""),
    );
    expect(scores.users.length).toBeGreaterThan(50);
  });
});

test("who may downgrade pays at the cutoff; all others are scored by name only, and marked", async () => {
  const { data, table } = await prepare(columns, untuned(LABELS.downgrade()), world);
  const paid = table.features.indexOf("is_paid");
  for (let row = 0; row < data.x.rows; row++) expect(data.x.data[row * data.x.cols + paid]).toBe(1);
  const model = loadModel(
    home,
    readIndex(home).versions.find(({ version }) => version.startsWith("downgrade"))?.version,
  ).model;
  const named = await predict(columns, model, { users: columns.users, at: null }, world);
  const all = await predict(columns, model, { users: null, at: null }, world);
  expect(named.users.filter((user) => user.at_risk).length).toBe(all.users.length);
  expect(named.users.length).toBe(columns.users.length);
  expect(all.users.length).toBeLessThan(named.users.length);
});

test("less history asked for catches more of the cancellations, and the model keeps the rule", async () => {
  const shares: number[] = [];
  for (const days of [1, 7, 21]) {
    const { data, eventMs } = await prepare(columns, untuned(LABELS.cancellation(), days), world);
    const caught = new Set([...data.user].filter((_, row) => data.y[row] === 1)).size;
    shares.push(caught / eventMs.filter((at) => !Number.isNaN(at)).length);
  }
  expect(shares).toEqual(shares.toSorted((a, b) => b - a));
  expect(shares[0]).toBeGreaterThan(shares[2] ?? 1);
  const { version, catchableShare, rules } = await trained(untuned(LABELS.cancellation(), 1));
  expect(catchableShare).toBe(shares[0]);
  expect(rules?.minHistoryDays).toBe(1);
  expect(loadModel(home, version).model.riskSet?.minHistoryDays).toBe(1);
});

test("the last cutoff's window ends inside the data, whatever the silence", async () => {
  const { lastTsMs } = spanOf(columns);
  for (const inactivityDays of [5, 14, 18]) {
    const { cutoffs, data } = await prepare(columns, untuned(LABELS.inactivity({ inactivityDays })), world);
    const ahead = (1 + Math.max(10, inactivityDays)) * MS_PER_DAY;
    expect((cutoffs.at(-1) ?? 0) + ahead).toBeLessThanOrEqual(lastTsMs);
    expect((cutoffs.at(-1) ?? 0) + ahead + 2 * MS_PER_DAY).toBeGreaterThan(lastTsMs);
    expect(data.competing).toBeGreaterThan(0);
  }
});

test("what cannot be had is refused", async () => {
  await expect(trained(untuned(LABELS.downgrade()), "whole-history")).rejects.toMatchObject({
    code: "LABEL_UNFIT",
    exit: 3,
  });
  await expect(trained(untuned(LABELS.inactivity({ inactivityDays: 60 })))).rejects.toMatchObject({ exit: 4 });
  const few = { ...columns, page: columns.page.map((page) => (page === PAGE["Submit Downgrade"] ? PAGE.Home : page)) };
  const none = train({ home, columns: few, protocol: "point-in-time", options: untuned(LABELS.downgrade()) }, world);
  await expect(none).rejects.toMatchObject({ code: "LABELS_TOO_FEW", exit: 4 });
  await expect(none).rejects.toThrow("Only 0 users downgrade where");
});

test("a model of another version of its label is refused", async () => {
  const { model } = loadModel(home);
  for (const label of [
    { ...model.label, version: model.label.version + 1 },
    { ...model.label, name: "sadness" },
  ]) {
    const scoring = predict(columns, { ...model, label }, { users: null, at: null }, world);
    await expect(scoring).rejects.toMatchObject({
      code: "MODEL_OUTDATED",
      details: { changed: `label ${label.name}` },
    });
  }
});
