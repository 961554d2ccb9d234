import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { seededRng } from "../../src/base/rng.js";
import { MS_PER_DAY } from "../../src/base/time.js";
import { judgeChance } from "../../src/evaluate/audits/chance.js";
import { judgeOneFeature } from "../../src/evaluate/audits/one-feature.js";
import { type Dataset, rowsAt, takeDataset } from "../../src/evaluate/dataset.js";
import { runForward } from "../../src/evaluate/forward.js";
import { learnerOf } from "../../src/evaluate/learner.js";
import { rocAuc } from "../../src/evaluate/metrics.js";
import { type FitProcedure, type NestedPlan, nestedFit, predictNested } from "../../src/evaluate/nested-fit.js";
import { bestThreshold } from "../../src/evaluate/thresholds.js";
import type { SnapshotTable } from "../../src/features/snapshot-table.js";
import { cancellation } from "../../src/labels/cancellation.js";
import { OUTCOME } from "../../src/labels/label.js";
import { logistic } from "../../src/models/logistic.js";
import { fitScaler, standardise } from "../../src/models/scaler.js";
import { ingest } from "../../src/pipeline/ingest.js";
import { loadEvents } from "../../src/pipeline/recover.js";
import { futureShuffle } from "../../src/pipeline/train/future-shuffle.js";
import { prepare } from "../../src/pipeline/train/prepare.js";
import { PROCEDURE, type Procedure } from "../../src/pipeline/train/procedure.js";
import { runDraws } from "../../src/pipeline/train/run-draws.js";
import { barredBy, train } from "../../src/pipeline/train.js";
import { readIndex } from "../../src/registry/local.js";
import type { EventColumns } from "../../src/schema/event-columns.js";
import { temporaryFolder, testWorld } from "./ingest-fixture.js";
import { FEW_DRAWS, simulatedLog, UNTUNED } from "./simulated-home.js";

const folder = temporaryFolder();
const world = { ...testWorld(), threads: 1 };
let columns: EventColumns;

beforeAll(async () => {
  const home = join(folder, "home");
  const { log } = await simulatedLog(folder, { users: 250, seed: 6 }, world);
  await ingest(home, [log], { map: {} }, world);
  columns = await loadEvents(home, world);
});

/** Logistic regression without kinds of users: a planted step may scale counts. */
const learner = learnerOf(logistic, { defaults: { ...logistic.defaults, C: 0.003 } });

const taken = new Map<string, Promise<SnapshotTable>>();

/** The honest photographs; futures are made up from the same seed in every test, so that each is taken once. */
const photograph: Procedure["photograph"] = (seen, plan, own) => {
  const key = JSON.stringify([plan, seen.tsMs.length, seen.tsMs.reduce((sum, at) => sum + at, 0)]);
  const known = taken.get(key) ?? PROCEDURE.photograph(seen, plan, own);
  taken.set(key, known);
  return known;
};

/** What the audits look at, of a training whose procedure is replaced in part. */
async function trained(planted: Partial<Procedure>) {
  const procedure = { ...PROCEDURE, photograph, ...planted };
  const prepared = await prepare(columns, { ...UNTUNED, procedure }, world);
  const { data, tests, shape } = prepared;
  const run = runForward(data, { learner, splits: tests, shape, search: "none", fit: procedure.fit }, world);
  return { prepared, training: { learner, search: "none" as const, run } };
}

async function shuffled(planted: Partial<Procedure>) {
  const { prepared, training } = await trained(planted);
  return futureShuffle(prepared, training, world);
}

/** The honest features, and one more that reads the log as it likes. */
function withFeature(
  name: string,
  read: (seen: EventColumns) => (user: number, cutoff: number) => number,
): Procedure["photograph"] {
  return async (seen, plan, own) => {
    const table = await photograph(seen, plan, own);
    const valueAt = read(seen);
    const { rows, cols } = table.x;
    const data = new Float64Array(rows * (cols + 1));
    for (let row = 0; row < rows; row++) {
      data.set(table.x.data.subarray(row * cols, (row + 1) * cols), row * (cols + 1));
      data[row * (cols + 1) + cols] = valueAt(table.userIndex[row] ?? -1, table.cutoffMs[row] ?? 0);
    }
    return { ...table, features: [...table.features, name], x: { rows, cols: cols + 1, data } } satisfies SnapshotTable;
  };
}

/** Rows of a user with from < knownAtMs ≤ to. */
function eventsIn(seen: EventColumns, user: number, { from, to }: { from: number; to: number }): number {
  let count = 0;
  for (let row = seen.userStart[user] ?? 0; row < (seen.userStart[user + 1] ?? 0); row++) {
    const at = seen.knownAtMs[row] ?? 0;
    if (at > from && at <= to) count++;
  }
  return count;
}

const eventsTomorrow = withFeature(
  "events_tomorrow",
  (seen) => (user, cutoff) => eventsIn(seen, user, { from: cutoff, to: cutoff + MS_PER_DAY }),
);

const eventsToday = withFeature(
  "events_today",
  (seen) => (user, cutoff) => eventsIn(seen, user, { from: cutoff - MS_PER_DAY, to: cutoff }),
);

/** 1 where the user cancels within the horizon, with noise that hides it from a glance at the values. */
const copyOfLabel = withFeature("retention_score", (seen) => {
  const outcomes = cancellation.outcomes(seen);
  return (user, cutoff) =>
    (outcomes(user, cutoff) === OUTCOME.churned ? 2 : 0) + seededRng(`${user}/${cutoff}`).normal();
});

const trainRows = (data: Dataset, { trainCutoffs }: NestedPlan) => takeDataset(data, rowsAt(data, trainCutoffs));

/** Rows at cutoffs that the plan does not learn from: those it is tested on are among them. */
function laterRows(data: Dataset, { trainCutoffs }: NestedPlan): Dataset {
  const last = trainCutoffs.at(-1) ?? 0;
  return takeDataset(
    data,
    Int32Array.from(data.y.keys()).filter((row) => (data.cutoffMs[row] ?? 0) > last),
  );
}

type RowsOf = (data: Dataset, plan: NestedPlan) => Dataset;
const allRows: RowsOf = (data) => data;

/** Scales by the mean and deviation of the given rows before anything is fitted. */
const scaledOn =
  (rowsOf: RowsOf): FitProcedure =>
  (data, plan, own) => {
    const scaler = fitScaler(rowsOf(data, plan).x, null);
    const fit = nestedFit({ ...data, x: standardise(scaler, data.x) }, plan, own);
    if (fit === null) return null;
    const { state, predict } = fit.fitted;
    return { ...fit, fitted: { state: { scaler, state }, predict: (x) => predict(standardise(scaler, x)) } };
  };

/** Chooses the threshold on the given rows. */
const thresholdOn =
  (rowsOf: RowsOf): FitProcedure =>
  (data, plan, own) => {
    const fit = nestedFit(data, plan, own);
    if (fit === null) return null;
    const rows = rowsOf(data, plan);
    const { threshold, why } = bestThreshold(rows.y, predictNested(fit, rows));
    return { ...fit, threshold: { value: threshold, why } };
  };

/** The one feature that ranks the given rows best, the way round that it ranks them. */
const selectedOn =
  (rowsOf: RowsOf): FitProcedure =>
  (data, plan) => {
    const rows = rowsOf(data, plan);
    if (!rows.y.includes(1)) return null;
    const aucs = rows.features.map((_, column) => rocAuc({ y: rows.y, p: valuesOf(rows.x, column) }));
    const column = aucs.reduce(
      (best, auc, j) => (Math.abs(auc - 0.5) > Math.abs((aucs[best] ?? 0.5) - 0.5) ? j : best),
      0,
    );
    const sign = (aucs[column] ?? 0.5) < 0.5 ? -1 : 1;
    return {
      params: { column, sign },
      tuned: false,
      fitted: { state: { column, sign }, predict: (x) => valuesOf(x, column).map((value) => sign * value) },
      calibrator: { kind: "none" },
      threshold: { value: 0, why: "none is needed" },
      baseRate: 0,
    };
  };

function valuesOf({ rows, cols, data }: Dataset["x"], column: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => {
    const value = data[row * cols + column] ?? Number.NaN;
    return Number.isNaN(value) ? 0 : value;
  });
}

describe("future shuffle", () => {
  test("a feature that peeks one day ahead is named; one that looks one day back is not", async () => {
    const peek = await shuffled({ photograph: eventsTomorrow });
    expect(peek).toMatchObject({ verdict: "failed", featuresChanged: ["events_tomorrow"] });
    expect(peek.rowsAltered).toBeGreaterThan(1_000);
    expect(await shuffled({ photograph: eventsToday })).toMatchObject({ verdict: "passed", featuresChanged: [] });
  });

  test.each([
    ["a scaler", scaledOn],
    ["a threshold", thresholdOn],
    ["a feature selected", selectedOn],
  ] as const)(
    "%s: fitted with a look at test rows it changes the model, fitted on training rows it does not",
    async (_, by) => {
      const found = { featuresChanged: [], trainingUnchanged: true };
      expect(await shuffled({ fit: by(by === thresholdOn ? laterRows : allRows) })).toMatchObject({
        ...found,
        modelsUnchanged: false,
        verdict: "failed",
      });
      expect(await shuffled({ fit: by(trainRows) })).toMatchObject({
        ...found,
        modelsUnchanged: true,
        verdict: "passed",
      });
    },
  );
});

describe("where there is nothing to find", () => {
  const draws = 10;
  const judged = async (planted: Partial<Procedure>) => {
    const { prepared, training } = await trained({ ...planted, draws });
    const { placebo, permuted } = await runDraws(prepared, training, world);
    return { placebo: judgeChance(placebo), permuted: judgeChance(permuted) };
  };

  test("features selected on the test rows find something all the same, and both audits fail", async () => {
    const { placebo, permuted } = await judged({ fit: selectedOn(laterRows) });
    expect([placebo.verdict, permuted.verdict]).toEqual(["failed", "failed"]);
    expect(permuted.low).toBeGreaterThan(0.52);
  });

  test("selected on the training rows they find nothing", async () => {
    const { placebo, permuted } = await judged({ fit: selectedOn(trainRows) });
    expect([placebo.verdict, permuted.verdict]).not.toContain("failed");
    expect(permuted.draws).toBe(draws);
  });
});

describe("one feature", () => {
  const testRows = async (planted: Partial<Procedure>) => {
    const { data, tests } = (await trained(planted)).prepared;
    return takeDataset(
      data,
      rowsAt(
        data,
        tests.flatMap(({ test: block }) => block),
      ),
    );
  };

  test("a noisy copy of the label is named; the honest features pass", async () => {
    const found = judgeOneFeature(await testRows({ photograph: copyOfLabel }));
    expect(found).toMatchObject({ verdict: "failed", feature: "retention_score" });
    expect(found.alarms.map(({ feature }) => feature)).toEqual(["retention_score"]);
    expect(judgeOneFeature(await testRows({}))).toMatchObject({ verdict: "passed", alarms: [] });
  });
});

test("a leak bars the model from serving: registered, not promoted, exit 5", async () => {
  const home = join(folder, "barred");
  const options = { ...UNTUNED, procedure: { ...FEW_DRAWS, photograph: copyOfLabel } };
  const document = await train({ home, columns, protocol: "point-in-time", options }, world);
  expect(document.audits).toMatchObject({
    verdict: "failed",
    oneFeature: { verdict: "failed" },
    futureShuffle: { verdict: "failed", featuresChanged: ["retention_score"] },
  });
  expect(barredBy(document)).toMatchObject({ code: "AUDIT_FAILED", exit: 5 });
  expect(barredBy(document)?.message).toContain("futureShuffle, oneFeature");
  const { versions, champion } = readIndex(home);
  expect(versions.map(({ version, verdict }) => ({ version, verdict }))).toEqual([
    { version: document.version, verdict: "failed" },
  ]);
  expect(champion).toBeNull();
});
