import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { asInstant, MS_PER_DAY, MS_PER_HOUR } from "../../../src/base/time.js";
import { joinOutcomes } from "../../../src/evaluate/dataset.js";
import { RISK_SET } from "../../../src/features/risk-set.js";
import { LABELS } from "../../../src/labels/labels.js";
import { ingest } from "../../../src/pipeline/ingest.js";
import { forgetObserved } from "../../../src/pipeline/loop/forget.js";
import { matureDays } from "../../../src/pipeline/loop/mature.js";
import { observeDays } from "../../../src/pipeline/loop/observe.js";
import { readObserved, readObservedDays, readScored } from "../../../src/pipeline/loop/observed-table.js";
import { modelProbabilities } from "../../../src/pipeline/model-probabilities.js";
import { loadEvents } from "../../../src/pipeline/recover.js";
import { snapshotUsers } from "../../../src/pipeline/snapshot.js";
import type { LabelName } from "../../../src/schema/label-words.js";
import { askedThrough } from "../../store/live/asked-through.js";
import { BACKENDS, storeOfTests } from "../../store/live/backends.js";
import { jsonLines, type TestEvent, temporaryFolder, testWorld, writeLog } from "../ingest-fixture.js";
import { simulatedEvents } from "../simulated-home.js";
import { madeUpModel, promoteMadeUp } from "./made-up-model.js";

const folder = temporaryFolder();
const world = { ...testWorld(), threads: 1 };
const OPTIONS = { observedUsers: 1000, observeCatchUpDays: 35 };
const ALWAYS = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER };
const HOUR = 15;
let log: TestEvent[];
let startMs: number;
/** A second home with all of it, ingested at once. */
let whole: string;

beforeAll(async () => {
  log = await simulatedEvents(folder, { users: 30, seed: 4, days: 42 }, world);
  startMs = Math.floor(Number(log[0]?.ts) / MS_PER_DAY) * MS_PER_DAY;
  whole = newHome();
  await ingest(whole, [writeLog(folder, jsonLines(log))], {}, world);
});

const newHome = (): string => mkdtempSync(join(folder, "home-"));
const until = (day: number): TestEvent[] => log.filter(({ ts }) => Number(ts) < startMs + day * MS_PER_DAY);
const add = (home: string, events: readonly TestEvent[]) =>
  ingest(home, [writeLog(folder, jsonLines(events))], {}, world);

/** What a training would see at the cutoffs. */
async function trainingView(cutoffs: readonly number[], label: LabelName = "cancellation") {
  const columns = await loadEvents(whole, world);
  const plan = { catalogue: "point-in-time", cutoffs: cutoffs.map(asInstant), riskSet: RISK_SET } as const;
  const table = await snapshotUsers(columns, plan, world);
  return { table, data: joinOutcomes(table, LABELS[label]({}).outcomes(columns)) };
}

const keyOf = (user: string, cutoffMs: number): string => `${cutoffMs}/${user}`;

for (const { name, isAbsent, place } of BACKENDS) {
  describe.skipIf(isAbsent)(`observed days: ${name}`, () => {
    const store = storeOfTests(place);
    const observe = (home: string, options = OPTIONS, at = world) => observeDays({ db: store.db, home }, options, at);

    test("THE LAW: observed day by day, features and outcomes are those that a training sees", async () => {
      const home = newHome();
      const model = madeUpModel(startMs + 20 * MS_PER_DAY + HOUR * MS_PER_HOUR);
      promoteMadeUp(home, model, world);
      await add(home, until(20));
      let before = 0;
      for (const day of [24, 25, 26, 33, 42]) {
        await add(
          home,
          until(day).filter(({ ts }) => Number(ts) >= startMs + (day - 10) * MS_PER_DAY),
        );
        before = (await observe(home)).closedBeforeMs ?? 0;
        await matureDays({ db: store.db, home }, world);
      }
      const days = await readObservedDays(store.db);
      const cutoffs = days.map(({ cutoffMs }) => cutoffMs);
      expect(cutoffs).toEqual(cutoffs.map((_, i) => startMs + i * MS_PER_DAY + HOUR * MS_PER_HOUR));
      expect(cutoffs.length).toBe(40);
      const { table, data } = await trainingView(cutoffs);
      const observed = await readObserved(store.db, ALWAYS);
      const keys = observed.users.map((user, row) => keyOf(user, observed.cutoffMs[row] ?? 0));
      const trained = new Map(
        Array.from(table.userIndex, (u, row) => [keyOf(table.users[u] ?? "", table.cutoffMs[row] ?? 0), row]),
      );
      expect(new Set(keys)).toEqual(new Set(trained.keys()));
      expect(observed.features).toEqual(table.features);
      for (const [row, key] of keys.entries()) {
        const at = (trained.get(key) ?? -1) * table.x.cols;
        const own = observed.x.data.subarray(row * table.x.cols, (row + 1) * table.x.cols);
        expect(own).toEqual(table.x.data.subarray(at, at + table.x.cols));
      }
      const truth = new Map(
        Array.from(data.user, (u, row) => [keyOf(data.users[u] ?? "", data.cutoffMs[row] ?? 0), data.y[row]]),
      );
      const matured = new Set(days.filter(({ isMatured }) => isMatured).map(({ cutoffMs }) => cutoffMs));
      expect(matured.size).toBe(cutoffs.filter((at) => at + 11 * MS_PER_DAY <= before).length);
      const expected = keys.map((key) => (matured.has(Number(key.split("/")[0])) ? (truth.get(key) ?? -1) : -2));
      expect([...observed.outcome]).toEqual(expected);
      expect(expected.filter((y) => y === 1).length).toBeGreaterThan(5);

      // A model scores only what came after all it learned from.
      const scored = await readScored(store.db, { modelVersion: model.version, ...ALWAYS });
      const first = model.training.throughMs ?? 0;
      const rows = [...observed.cutoffMs.keys()].filter((row) => (observed.cutoffMs[row] ?? 0) >= first);
      expect(scored.users).toEqual(rows.map((row) => observed.users[row]));
      const columns = model.features.map((feature) => observed.features.indexOf(feature));
      const x = Float64Array.from(
        rows.flatMap((row) => columns.map((column) => observed.x.data[row * observed.x.cols + column] ?? Number.NaN)),
      );
      const p = modelProbabilities(model, { rows: rows.length, cols: columns.length, data: x });
      expect(scored.p).toEqual(p);
      expect([...scored.flagged]).toEqual([...p].map((one) => +(one >= model.threshold.value)));
      expect([...scored.outcome]).toEqual(rows.map((row) => observed.outcome[row]));

      await forgetObserved(store.db, 10);
      const kept = await readObserved(store.db, ALWAYS);
      expect(new Set(kept.cutoffMs)).toEqual(new Set(cutoffs.slice(-11)));
      expect((await readScored(store.db, { modelVersion: model.version, ...ALWAYS })).p).toEqual(p);
    });

    test("without a model it observes, broken off it goes on, and again it does nothing", async () => {
      const home = newHome();
      await add(home, until(40));
      let statements = 0;
      const lost = askedThrough(store.db, async (sql, text, values) => {
        if (++statements > 60) throw new Error("lost");
        return sql.query(text, values);
      });
      await expect(observeDays({ db: lost, home }, OPTIONS, world)).rejects.toThrow("lost");
      const before = (await readObservedDays(store.db)).length;
      expect(before).toBeGreaterThan(0);
      const { observed, skippedDays } = await observe(home);
      expect(skippedDays).toBe(0);
      expect(before + observed.length).toBe(35);
      expect((await observe(home)).observed).toEqual([]);
      const { users } = await readObserved(store.db, ALWAYS);
      const { table } = await trainingView((await readObservedDays(store.db)).map(({ cutoffMs }) => cutoffMs));
      expect(users.length).toBe(table.x.rows);
      expect(await store.db.query("SELECT 1 FROM observed_scores")).toEqual([]);
    });

    // The statements are those of the law above.
    if (name !== "PGlite") return;

    test("who was treated is marked until the outcome is known", async () => {
      const home = newHome();
      await add(home, until(30));
      await observe(home);
      const { users } = await readObserved(store.db, ALWAYS);
      await store.db.query("INSERT INTO user_states (user_id, treated_at_ms) VALUES ($1, 5)", [users[0] ?? ""]);
      await matureDays({ db: store.db, home }, world);
      const after = await readObserved(store.db, ALWAYS);
      expect(after.users.filter((_, row) => after.treated[row] === 1).every((user) => user === users[0])).toBe(true);
      expect(after.treated).toContain(1);
    });

    test("a pause is made up for as far as was said, and the rest is said to be skipped", async () => {
      const home = newHome();
      await add(home, until(12));
      await observe(home);
      await add(home, until(40));
      const { observed, skippedDays } = await observe(home, { ...OPTIONS, observeCatchUpDays: 10 });
      expect([observed.length, skippedDays]).toEqual([10, 18]);
    });

    test("a sample is of the same users every day, and says how many were at risk", async () => {
      const home = newHome();
      await add(home, until(30));
      await observe(home, { observedUsers: 9, observeCatchUpDays: 5 });
      const rows = await readObserved(store.db, ALWAYS);
      const days = await readObservedDays(store.db);
      expect(rows.users.length).toBe(9 * days.length);
      expect(new Set(rows.users).size).toBeLessThan(14);
      expect(days.every(({ atRisk }) => atRisk > 20)).toBe(true);
    });

    test("without data, and with a clock moved back, there is nothing to do", async () => {
      const home = newHome();
      expect(await observe(home)).toEqual({ observed: [], skippedDays: 0, closedBeforeMs: null });
      expect(await matureDays({ db: store.db, home }, world)).toEqual({ days: 0, rows: 0, churned: 0 });
      await add(home, until(20));
      await observe(home);
      const early = { ...world, now: () => asInstant(startMs + 5 * MS_PER_DAY) };
      await add(home, until(25));
      expect((await observe(home, OPTIONS, early)).observed).toEqual([]);
      expect(await matureDays({ db: store.db, home }, early)).toEqual({ days: 0, rows: 0, churned: 0 });
      expect((await observe(home)).observed).toHaveLength(5);
    });
  });
}
