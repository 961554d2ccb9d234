import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { featureRanges } from "../../../src/evaluate/feature-ranges.js";
import { labelledRows } from "../../../src/evaluate/inner-problem.js";
import { ESTIMATOR_NAMES } from "../../../src/models/registered.js";
import { ingest } from "../../../src/pipeline/ingest.js";
import { openSnapshots } from "../../../src/pipeline/kept/from-states.js";
import { LiveService } from "../../../src/pipeline/live/service.js";
import { predict } from "../../../src/pipeline/predict.js";
import { loadEvents, recover } from "../../../src/pipeline/recover.js";
import { fromEvents, type SnapshotSource } from "../../../src/pipeline/snapshot-source.js";
import { learnerFor } from "../../../src/pipeline/train/learners.js";
import { type Prepared, prepare, seenBy } from "../../../src/pipeline/train/prepare.js";
import { promoteModel, registerModel } from "../../../src/registry/local.js";
import { type ModelFile, riskLevelsOf, versioned } from "../../../src/registry/model-file.js";
import { METRIC_NAMES, type Metrics } from "../../../src/schema/documents.js";
import type { EventColumns } from "../../../src/schema/event-columns.js";
import { emptyStore } from "../../store/live/backends.js";
import { temporaryFolder, testWorld } from "../ingest-fixture.js";
import { simulatedLog, UNTUNED } from "../simulated-home.js";

const folder = temporaryFolder();
const home = join(folder, "home");
const world = testWorld();
let columns: EventColumns;
let prepared: Prepared;
let kept: SnapshotSource;
let service: LiveService;

beforeAll(async () => {
  const { log } = await simulatedLog(folder, { users: 90, seed: 3, days: 50 }, world);
  await ingest(home, [log], {}, world);
  await recover(home, null, world);
  columns = await loadEvents(home, world);
  prepared = await prepare(columns, { ...UNTUNED, models: ESTIMATOR_NAMES }, world);
  kept = await openSnapshots(home, null, world);
  await emptyStore(home);
  service = await LiveService.open(home, { home }, world);
}, 120_000);
afterAll(() => service.close());

/** Fitted on all snapshots at the defaults, with a threshold in the middle of what it says of them. */
function modelOf(name: string): ModelFile {
  const seen = seenBy(prepared, name);
  const { data, catalogue } = seen;
  const learner = learnerFor({ name, features: data.features, resample: "none" });
  const fitted = learner.fit(labelledRows(data), learner.defaults, world);
  const said = fitted.predict(data.x).sort();
  return versioned({
    format: "refrain-model/1",
    protocol: "point-in-time",
    leaky: false,
    riskSet: seen.riskSet,
    label: { name: "cancellation", version: seen.label.version, ...seen.shape.horizon },
    catalogue: { name: catalogue, accumulators: {} },
    features: data.features,
    estimator: name,
    params: learner.defaults,
    state: fitted.state,
    ranges: featureRanges(data.x),
    calibrator: { kind: "platt", a: -0.9, b: 0.1 },
    threshold: { value: said[Math.floor(said.length / 2)] ?? 0, why: "the middle" },
    baseRate: 0.05,
    riskLevels: riskLevelsOf(0.05),
    training: { rows: 1, users: 1, churnedUsers: 1, throughMs: null, dataSha256: "", seed: 1, simulated: true },
    metrics: Object.fromEntries(METRIC_NAMES.map((metric) => [metric, null])) as unknown as Metrics,
    intervals: {},
    gate: null,
    audits: null,
  });
}

describe.each(ESTIMATOR_NAMES)("%s", (name) => {
  it("says of 20 users the same from the states of the service, from kept ones and from all events", async () => {
    const model = modelOf(name);
    registerModel(home, model, world);
    promoteModel(home, model.version);
    await service.follow();
    const users = columns.users.slice(10, 30);
    const options = { users, at: null, counterfactual: true };
    const batch = await predict(columns, model, options, world);
    const batchScores = batch.users.map(({ counterfactual: _, ...score }) => score);
    expect(new Set(batchScores.map(({ churn_probability }) => churn_probability)).size).toBeGreaterThan(10);
    expect((await predict(kept, model, options, world)).users).toEqual(batch.users);
    expect(await Promise.all(users.map((id) => service.score(id)))).toEqual(batchScores);
    const would = await Promise.all(users.map((id) => service.counterfactual(id, null)));
    expect(would).toEqual(batch.users.map(({ counterfactual }) => counterfactual));
    expect(batchScores.some(({ reasons }) => reasons.length > 0)).toBe(true);
    for (const { text, feature } of batchScores.flatMap(({ reasons }) => reasons)) {
      expect(text).not.toMatch(/NaN|undefined|_/);
      expect(feature).not.toBe("");
    }
  });
});

it("days are photographed beside the usual features, row by row", async () => {
  const { days } = prepared;
  const usual = prepared.table.features.length;
  expect(days?.table.features.slice(0, usual)).toEqual(prepared.table.features);
  expect(days?.data.y).toEqual(prepared.data.y);
  const plain = await fromEvents(columns, world).at(prepared.cutoffs[5] ?? (0 as never), prepared.riskSet);
  expect(plain.features).toEqual(prepared.table.features);
});
