import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { Matrix } from "../../../src/base/matrix.js";
import { seededRng } from "../../../src/base/rng.js";
import { asInstant, isoOf, MS_PER_DAY } from "../../../src/base/time.js";
import { drawnSizes, driftOfWindow, windowThresholds } from "../../../src/monitor/drift/live-window.js";
import { sampleOf } from "../../../src/monitor/drift/sample.js";
import { checkDrift } from "../../../src/pipeline/loop/drift-check.js";
import { driftPage, latestCheck } from "../../../src/pipeline/loop/drift-table.js";
import { LoopFindings } from "../../../src/pipeline/loop/loop-findings.js";
import { insertDay } from "../../../src/pipeline/loop/observed-table.js";
import { keepReference, type ReferenceSnapshots, readReference } from "../../../src/registry/reference-file.js";
import { NO_EVENTS, servingState, testApp } from "../../server/fixture.js";
import { BACKENDS, storeOfTests } from "../../store/live/backends.js";
import { temporaryFolder, testWorld } from "../ingest-fixture.js";
import { madeUpModel, promoteMadeUp } from "./made-up-model.js";

const FEATURES = ["songs_28d", "active_days_7d", "is_paid", "log_songs"];
const DAY_0 = 1_543_622_400_000;
const folder = temporaryFolder();
const world = testWorld();
const model = madeUpModel(DAY_0);
const { version } = model;
const OPTIONS = { alarmBudget: 1, driftWindowDays: 14 };

/** Users as rows: what they did in 28 and in 7 days, their plan, and a life that grows by the day. */
function behaviour(rng: ReturnType<typeof seededRng>, rows: number, { shift = 0, day = 0 }): Matrix {
  const data = new Float64Array(rows * FEATURES.length);
  for (let i = 0; i < rows; i++) {
    const own = rng.normal() + shift;
    data.set(
      [Math.exp(3 + own), Math.round(3 + rng.normal()), +(rng.uniform() < 0.6), Math.log(50 + 20 * day) + own],
      i * 4,
    );
  }
  return { rows, cols: FEATURES.length, data };
}

/** Snapshots of 45 days: every user each fifth day. */
function referenceOf(users: number): ReferenceSnapshots {
  const days = [0, 5, 10, 15, 20, 25, 30, 35, 40];
  const rng = seededRng("reference");
  const x = behaviour(rng, users * days.length, {});
  const score = Float64Array.from({ length: x.rows }, () => rng.uniform() / 5);
  return {
    features: FEATURES,
    user: Int32Array.from({ length: x.rows }, (_, i) => Math.floor(i / days.length)),
    cutoffMs: Float64Array.from({ length: x.rows }, (_, i) => DAY_0 + ((days[i % days.length] ?? 0) - 60) * MS_PER_DAY),
    x: { ...x, data: x.data.map(Math.fround) },
    score,
    unseenScore: score.map((value, i) => (i % 9 < 3 ? Number.NaN : value * 0.9)),
  };
}

const newHome = (): string => mkdtempSync(join(folder, "home-"));

describe("what a model learned from, kept beside it", () => {
  const home = newHome();
  const reference = referenceOf(20);
  const path = join(home, "models", `${version}.reference.gz`);
  beforeAll(() => keepReference(home, version, reference));

  test("comes back as it was", () => {
    expect(readReference(home, version)).toEqual(reference);
  });

  test("is checked against its SHA-256, and is nobody else's", () => {
    const bytes = readFileSync(path);
    expect(() => readReference(home, "another-model")).toThrow(/another-model keeps no snapshots/);
    writeFileSync(join(home, "models", "another-model.reference.gz"), bytes);
    expect(() => readReference(home, "another-model")).toThrow(/another's/);
    writeFileSync(path, bytes.subarray(0, bytes.length - 9));
    expect(() => readReference(home, version)).toThrow(expect.objectContaining({ code: "REFERENCE_ABSENT", exit: 4 }));
  });
});

test("THE BUDGET: windows of users like those of the reference alarm as rarely as it says", () => {
  const rng = seededRng("budget");
  let alarms = 0;
  for (let world = 0; world < 200; world++) {
    const own = rng.fork(world);
    const [users, days] = [30, 6];
    const user = Int32Array.from({ length: users * days }, (_, i) => Math.floor(i / days));
    const cutoffMs = Float64Array.from(user, (_, i) => (i % days) * MS_PER_DAY);
    // Users keep their ways: what they do on a day is theirs, and a little chance.
    const columns = ["a", "b", "c"].map((name) => {
      const ways = Array.from({ length: users }, () => own.normal());
      const reference = Float64Array.from(user, (id) => (ways[id] ?? 0) + own.normal() / 5);
      const current = sampleOf(Float64Array.from({ length: 25 }, () => own.normal()));
      return { name, shownOnly: null, weight: 1, reference, current };
    });
    const watched = { columns, times: { user, cutoffMs }, users: 25 };
    const plan = { ...drawnSizes(watched), lengthMs: 2 * MS_PER_DAY, resamples: 199 };
    const found = driftOfWindow(watched, windowThresholds(watched, plan, own.fork("null")), 36.5, own.fork("check"));
    if (found.p <= 0.1) alarms++;
  }
  // Binomial(200, 0.1): 20 ± 4.2. Windows of a small reference differ by chance too, so that it is rather fewer.
  expect(alarms).toBeLessThan(36);
  expect(alarms).toBeGreaterThan(3);
});

for (const { name, isAbsent, place } of BACKENDS) {
  describe.skipIf(isAbsent)(`drift of the live window: ${name}`, () => {
    const store = storeOfTests(place);

    function homeWithModel(): string {
      const home = newHome();
      promoteMadeUp(home, model, world);
      keepReference(home, version, referenceOf(120));
      return home;
    }

    /** Photographs `users` users on a day; every tenth has been offered something, and shows it. */
    async function observe(day: number, { users = 80, shift = 0 }): Promise<void> {
      const rng = seededRng(`day ${day}`);
      const x = behaviour(rng, users, { shift, day });
      const treated = Uint8Array.from({ length: users }, (_, i) => +(i % 10 === 0));
      treated.forEach((one, i) => {
        if (one === 1) x.data[i * 4] = 1e6;
      });
      const label = { name: "cancellation", version: 1, gapDays: 1, horizonDays: 10 };
      const names = Array.from({ length: users }, (_, i) => `user ${i}`);
      const rows = { users: names, level: new Uint8Array(users), treated, x };
      const p = Float64Array.from(names, () => (rng.uniform() / 5) * 0.9);
      await store.db.transaction((sql) =>
        insertDay(
          sql,
          { cutoffMs: DAY_0 + day * MS_PER_DAY, atRisk: users, features: FEATURES, label },
          { rows, scores: [{ modelVersion: version, p, flagged: new Uint8Array(users) }], now: world.now() },
        ),
      );
    }

    const check = (home: string, day: number) =>
      checkDrift(store.db, home, { ...OPTIONS, at: asInstant(DAY_0 + day * MS_PER_DAY + 1) }, world);

    test("is silent while nothing changes, alarms when it does, and tells episodes apart", async () => {
      const home = homeWithModel();
      for (let day = 0; day < 16; day++) await observe(day, {});
      const steady = await check(home, 14);
      expect(steady).toMatchObject({
        drifted: false,
        rows: { reference: 120, current: 72 },
        windows: { days: 14, ofReference: 3 },
        episodeSince: null,
        modelVersion: version,
        leftOut: [],
        notes: [],
      });
      const byName = new Map(steady.features.map((feature) => [feature.name, feature]));
      expect([...byName.keys()]).toEqual([...FEATURES, "churn_probability"]);
      expect(byName.get("log_songs")).toMatchObject({ shownOnly: "cumulative", drifted: false, alarmed: false });
      expect(byName.get("log_songs")?.effect).toBeGreaterThan(0.3);
      expect(steady.referenceRule).toMatchObject({ drifted: true, falseAlarms: { halves: 400 } });

      for (let day = 16; day < 32; day++) await observe(day, { shift: 1.5 });
      const first = await check(home, 26);
      expect(first).toMatchObject({ drifted: true, episodeSince: isoOf(DAY_0 + 26 * MS_PER_DAY) });
      expect(first.features.filter(({ alarmed }) => alarmed).map(({ name }) => name)).toEqual(["songs_28d"]);
      const second = await check(home, 29);
      expect(second.episodeSince).toBe(first.episodeSince);
      // A check that was made is not made anew, whatever has been observed meanwhile.
      expect(await check(home, 26)).toEqual(first);
      expect(await latestCheck(store.db)).toEqual(second);
      const page = await driftPage(store.db, { after: null, limit: 2 });
      expect(page.map(({ alarmed, features }) => ({ alarmed, features }))).toEqual([
        { alarmed: true, features: ["songs_28d"] },
        { alarmed: true, features: ["songs_28d"] },
      ]);
      expect(await driftPage(store.db, { after: page[1] ?? null, limit: 2 })).toMatchObject([
        { alarmed: false, p: steady.alarm.p },
      ]);
    });

    test("a window too large to be held is sketched, and says so", async () => {
      const home = homeWithModel();
      for (let day = 0; day < 14; day++) await observe(day, { shift: 1.2 });
      const at = asInstant(DAY_0 + 14 * MS_PER_DAY);
      const found = await checkDrift(store.db, home, { ...OPTIONS, at, heldRows: 1_000 }, world);
      expect(found).toMatchObject({ drifted: true, notes: [expect.stringContaining("sketched")] });
      // Of 72 users each has his day.
      expect(found.rows.current).toBe(72);
      expect(found.features.filter(({ alarmed }) => alarmed).map(({ name }) => name)).toEqual(["songs_28d"]);
    });

    test("GET /drift pages the checks, with the latest whole", async () => {
      const home = homeWithModel();
      for (const day of [0, 7, 13]) await observe(day, {});
      const live = { ...NO_EVENTS, loop: new LoopFindings(store.db) };
      const app = testApp({ serving: { ...servingState(), live }, guard: { access: null, keyless: "reader" } });
      const get = async (url: string) => (await app.inject(url)).json();
      expect(await get("/drift")).toEqual({ items: [], next_cursor: null, latest: null });
      const [one, two] = [await check(home, 7), await check(home, 13)];
      const page = await get("/drift?limit=1");
      expect(page).toMatchObject({ items: [{ to: two.to, model_version: version, drifted: false }], latest: two });
      expect(await get(`/drift?limit=5&cursor=${page.next_cursor}`)).toMatchObject({
        items: [{ to: one.to, features: [], episode_since: null }],
        next_cursor: null,
      });
      expect((await app.inject("/drift?cursor=nonsense")).statusCode).toBe(400);
      await app.close();
    });

    test("says what is missing", async () => {
      await expect(check(newHome(), 3)).rejects.toMatchObject({ code: "NO_MODEL" });
      const home = newHome();
      promoteMadeUp(home, model, world);
      await expect(check(home, 3)).rejects.toMatchObject({ code: "NOTHING_OBSERVED" });
      await observe(2, { users: 3 });
      await expect(check(home, 3)).rejects.toMatchObject({ code: "REFERENCE_ABSENT" });
      keepReference(home, version, referenceOf(120));
      const few = await check(home, 3);
      expect(few.drifted).toBe(false);
      expect(few.notes).toEqual([
        "Of the window's 14 days 1 were observed so far.",
        expect.stringContaining("too few to tell"),
      ]);
    });
  });
}
