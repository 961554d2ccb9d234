import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { asInstant, isoOf, MS_PER_DAY, MS_PER_HOUR } from "../../../src/base/time.js";
import { ingest } from "../../../src/pipeline/ingest.js";
import { blockQuality, measureData } from "../../../src/pipeline/loop/data-quality.js";
import { readFigures } from "../../../src/pipeline/loop/figures-table.js";
import { matureDays } from "../../../src/pipeline/loop/mature.js";
import { maturedQuality } from "../../../src/pipeline/loop/matured-quality.js";
import { measureKpis } from "../../../src/pipeline/loop/measure-kpis.js";
import { measureQuality } from "../../../src/pipeline/loop/measure-quality.js";
import { observeDays } from "../../../src/pipeline/loop/observe.js";
import { readScored } from "../../../src/pipeline/loop/observed-table.js";
import type { ModelFile } from "../../../src/registry/model-file.js";
import type { DayKpis, DayQuality, WindowFigures } from "../../../src/schema/loop-documents.js";
import { BACKENDS, storeOfTests } from "../../store/live/backends.js";
import { jsonLines, type TestEvent, temporaryFolder, testWorld, writeLog } from "../ingest-fixture.js";
import { simulatedEvents } from "../simulated-home.js";
import { madeUpModel, promoteMadeUp } from "./made-up-model.js";

const folder = temporaryFolder();
const world = { ...testWorld(), threads: 1 };
const home = join(folder, "home");
const ALWAYS = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER };
let log: TestEvent[];
let startMs: number;
let model: ModelFile;

beforeAll(async () => {
  log = await simulatedEvents(folder, { users: 60, seed: 4, days: 50 }, world);
  startMs = Math.floor(Number(log[0]?.ts) / MS_PER_DAY) * MS_PER_DAY;
  model = madeUpModel(startMs + 10 * MS_PER_DAY + 5 * MS_PER_HOUR);
  promoteMadeUp(home, model, world);
  await ingest(home, [writeLog(folder, jsonLines(log))], {}, world);
});

const [backend] = BACKENDS;
describe("what is measured of closed days", () => {
  const store = storeOfTests(backend?.place ?? (() => Promise.reject(new Error("there is no store"))));
  const place = () => ({ db: store.db, home });
  const closed = () => Math.floor(Number(log.at(-1)?.ts) / MS_PER_DAY) * MS_PER_DAY - MS_PER_DAY;
  const observe = async () => {
    await observeDays(place(), { observedUsers: 1000, observeCatchUpDays: 60 }, world);
    await matureDays(place(), world);
  };

  test("live quality by window: what is ripe, what is expected of the rest, and nothing twice", async () => {
    await observe();
    const options = { qualityWindowDays: 10 };
    expect(await measureQuality(place(), options, world)).toBeGreaterThan(3);
    expect(await measureQuality(place(), options, world)).toBe(0);
    const windows = (await readFigures<WindowFigures>(store.db, { kind: "live-quality", name: model.version })).map(
      ({ document }) => document,
    );
    const scored = await readScored(store.db, { modelVersion: model.version, ...ALWAYS });
    for (const { fromMs, toMs, live, days, maturedDays, estimate } of windows) {
      const rows = [...scored.cutoffMs.keys()].filter(
        (row) => (scored.cutoffMs[row] ?? 0) >= fromMs && (scored.cutoffMs[row] ?? 0) < toMs,
      );
      const ripe = rows.filter((row) => (scored.outcome[row] ?? -2) >= 0);
      expect(live?.rows ?? 0).toBe(ripe.length);
      const churned = new Set(ripe.filter((row) => scored.outcome[row] === 1).map((row) => scored.users[row]));
      expect(live?.positives ?? 0).toBe(churned.size);
      if (live !== null) expect(live.enough).toBe(churned.size >= 30);
      expect(estimate === null).toBe(maturedDays === days);
      if (estimate === null) continue;
      expect(estimate.rows).toBe(rows.length);
      expect(estimate.open).toBeGreaterThan(0);
      const auc = estimate.figures.auc;
      expect(auc?.low).toBeLessThanOrEqual(auc?.value ?? -1);
      expect(auc?.value).toBeLessThanOrEqual(auc?.high ?? -1);
    }
    const pooled = await maturedQuality(store.db, { modelVersion: model.version, throughMs: closed() });
    expect(pooled.rows).toBe([...scored.outcome].filter((outcome) => outcome >= 0).length);
    expect(pooled.enough).toBe(false);
    expect(pooled.auc?.upper95).toBeLessThan(pooled.auc?.high ?? 0);
    expect(await maturedQuality(store.db, { modelVersion: model.version, throughMs: closed() })).toEqual(pooled);
    const none = await maturedQuality(store.db, { modelVersion: model.version, throughMs: startMs });
    expect(none).toMatchObject({ rows: 0, positives: 0, enough: false, auc: null, fromMs: null, baseRate: null });
  });

  test("data quality: every closed day, with what its rows are like", async () => {
    expect(await measureData(place(), world)).toBe((closed() - startMs) / MS_PER_DAY);
    expect(await measureData(place(), world)).toBe(0);
    const days = (await readFigures<DayQuality>(store.db, { kind: "data-quality" })).map(({ document }) => document);
    for (const { dayMs, figures } of days) {
      const rows = log.filter(({ ts }) => Number(ts) >= dayMs && Number(ts) < dayMs + MS_PER_DAY);
      const named = rows.filter(({ userId }) => userId !== "");
      expect(figures.events).toBe(rows.length);
      expect(figures.users).toBe(new Set(named.map(({ userId }) => userId)).size);
      expect(figures.blank_share).toBeCloseTo(1 - named.length / rows.length, 12);
      expect(figures["page:NextSong"]).toBeCloseTo(
        rows.filter(({ page }) => page === "NextSong").length / rows.length,
        12,
      );
      expect(figures.missing_level).toBe(0);
    }
    const range = { fromMs: startMs, toMs: closed() };
    expect(await blockQuality(store.db, range)).toEqual({ passes: true, reasons: expect.any(Array) });
    expect(await blockQuality(store.db, { fromMs: 0, toMs: 10 })).toMatchObject({ passes: false });
    // A month whose rows lost their users.
    for (const { dayMs, ...day } of days.slice(-6)) {
      const flag = { figure: "blank_share", about: "rows", value: 1, expected: 0, low: 0, high: 0, days: 20 };
      const document = { ...day, dayMs, flags: [{ ...flag, side: "high", fails: true }] };
      await store.db.query("UPDATE figures SET document = $2 WHERE at_ms = $1 AND kind = 'data-quality'", [
        dayMs,
        JSON.stringify(document),
      ]);
    }
    const { passes, reasons } = await blockQuality(store.db, { fromMs: closed() - 20 * MS_PER_DAY, toMs: closed() });
    expect([passes, reasons.length]).toEqual([false, 6]);
  });

  test("KPIs: who was active and who left, and forecasts that meet their truth", async () => {
    await observe();
    expect(await measureKpis(place(), { arpu: 10 }, world)).toBe((closed() - startMs) / MS_PER_DAY);
    expect(await measureKpis(place(), { arpu: 10 }, world)).toBe(0);
    const days = (await readFigures<DayKpis>(store.db, { kind: "kpis" })).map(({ document }) => document);
    const own = log.filter(({ userId }) => userId !== "");
    for (const { day, active_1d, active_7d, active_28d, churned, by_plan, by_cohort } of days.slice(-20)) {
      const end = Date.parse(day) + MS_PER_DAY;
      const active = (span: number) =>
        new Set(own.filter(({ ts }) => Number(ts) < end && Number(ts) >= end - span * MS_PER_DAY).map((e) => e.userId))
          .size;
      expect([active_1d, active_7d, active_28d]).toEqual([active(1), active(7), active(28)]);
      const left = own.filter(
        ({ ts, page }) => Number(ts) < end && Number(ts) >= end - MS_PER_DAY && page === "Cancellation Confirmation",
      );
      expect(churned).toBe(left.length);
      for (const groups of [by_plan, by_cohort]) {
        const sum = (of: "active_28d" | "churned") => Object.values(groups).reduce((all, group) => all + group[of], 0);
        expect([sum("active_28d"), sum("churned")]).toEqual([active_28d, churned]);
      }
    }
    const first = isoOf(startMs + 10 * MS_PER_DAY).slice(0, 10);
    expect(days.find(({ forecast }) => forecast !== null)?.day).toBe(first);
    const told = days.filter(({ forecast, truth }) => forecast !== null && truth !== null);
    expect(told.length).toBeGreaterThan(20);
    for (const { forecast, at_risk, truth, revenue_at_risk, revenue_expected_loss } of told) {
      expect(forecast?.low).toBeLessThanOrEqual(forecast?.expected ?? -1);
      expect(forecast?.high).toBeLessThanOrEqual(at_risk ?? 0);
      expect(Number.isInteger(truth)).toBe(true);
      expect(revenue_at_risk).toBeGreaterThanOrEqual(0);
      expect(revenue_expected_loss).toBeGreaterThan(0);
    }
    expect(
      days.filter(({ forecast }) => forecast === null).every(({ revenue_at_risk }) => revenue_at_risk === null),
    ).toBe(true);
  });

  test("with nothing there, nothing is measured; nor with a clock moved back", async () => {
    const empty = { db: store.db, home: join(folder, "nothing") };
    const early = { ...world, now: () => asInstant(startMs - MS_PER_DAY) };
    for (const [where, at] of [
      [empty, world],
      [place(), early],
    ] as const) {
      expect(await measureQuality(where, { qualityWindowDays: 10 }, at)).toBe(0);
      expect(await measureData(where, at)).toBe(0);
      expect(await measureKpis(where, { arpu: null }, at)).toBe(0);
    }
    const none = await maturedQuality(store.db, { modelVersion: model.version, throughMs: closed() });
    expect(none).toMatchObject({ rows: 0, auc: null });
  });
});
