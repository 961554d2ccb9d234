import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { asInstant, MS_PER_DAY, MS_PER_HOUR } from "../../../src/base/time.js";
import { readAlerts, settleAlerts } from "../../../src/pipeline/loop/alert-table.js";
import { closeDays, type DailyStep, isDailyDue } from "../../../src/pipeline/loop/daily.js";
import { LoopFigures } from "../../../src/pipeline/loop/loop-figures.js";
import { dueDate } from "../../../src/pipeline/loop/loop-hour.js";
import { readObservedDays } from "../../../src/pipeline/loop/observed-table.js";
import { settingsOf } from "../../../src/schema/config.js";
import { servingState, testApp } from "../../server/fixture.js";
import { BACKENDS, storeOfTests } from "../../store/live/backends.js";
import { temporaryFolder, testWorld } from "../ingest-fixture.js";
import { storedHome } from "../stored-home.js";

const folder = temporaryFolder();
const home = join(folder, "home");
/** The log of the stored home ends on the first of December 2018. */
let now = Date.parse("2018-12-03T12:00:00Z");
const world = { ...testWorld(), threads: 1, now: () => asInstant(now) };
const settings = settingsOf({});

beforeAll(() => storedHome(home, world));

describe("when the loop is due", () => {
  test("is from an hour of the zone on, and until then the day before's matter", () => {
    const at = (iso: string, loopZone: string, loopHour = 2) =>
      new Date(dueDate(asInstant(Date.parse(iso)), { loopZone, loopHour })).toISOString().slice(0, 10);
    expect(at("2027-03-10T01:59:00Z", "UTC")).toBe("2027-03-09");
    expect(at("2027-03-10T02:00:00Z", "UTC")).toBe("2027-03-10");
    expect(at("2027-03-10T02:00:00Z", "America/New_York")).toBe("2027-03-09");
    expect(at("2027-03-10T01:30:00Z", "Europe/Berlin")).toBe("2027-03-10");
    // Midnight is hour 0; the hour that summer time leaves out is made up for by the next.
    expect(at("2027-03-10T00:00:00Z", "UTC", 0)).toBe("2027-03-10");
    expect(at("2027-03-28T01:00:00Z", "Europe/Berlin")).toBe("2027-03-28");
  });
});

const FINDING = { rule: "flaw", subject: "x", severity: "warning", message: "odd", value: 1 } as const;
const [backend] = BACKENDS;
describe("closing days", () => {
  const store = storeOfTests(backend?.place ?? (() => Promise.reject(new Error("there is no store"))));
  const close = (steps: readonly DailyStep[] = [], where = home) =>
    closeDays({ db: store.db, home: where, holder: "one", steps }, { settings, sinks: ["log"] }, world);
  const open = () => readAlerts(store.db, { before: null, limit: 50, state: "open" });
  const broken = (): Promise<never> => Promise.reject(new Error("it broke"));

  test("does all there is to do, once a day, and not again", async () => {
    now = Date.parse("2018-12-03T12:00:00Z");
    expect(await isDailyDue(store.db, settings, world)).toBe(true);
    const first = await close();
    expect(first.failed).toEqual([]);
    expect(first.observedDays).toBeGreaterThan(20);
    expect(await isDailyDue(store.db, settings, world)).toBe(false);
    expect((await close()).observedDays).toBe(0);
    now += MS_PER_DAY;
    expect(await isDailyDue(store.db, settings, world)).toBe(true);
    const loop = new LoopFigures({ db: store.db, home }, world);
    const { as_of, simulated, data, silence_hours } = await loop.quality(400);
    expect([simulated, data.days.at(-1)?.day]).toEqual([
      true,
      new Date(Date.parse(as_of ?? "") - 1).toISOString().slice(0, 10),
    ]);
    expect(silence_hours).toBeGreaterThan(24);
    expect((await loop.kpis(3)).days).toHaveLength(3);
    const gauges = await loop.gauges();
    expect(gauges.closedThroughMs).toBe(Date.parse(as_of ?? ""));
  });

  test("is told over HTTP: quality, KPIs, alerts, gauges", async () => {
    now = Date.parse("2018-12-04T13:00:00Z");
    await close();
    await settleAlerts(store.db, [FINDING], { rules: [], sinks: [], now });
    const app = testApp({
      serving: { ...servingState(), loop: new LoopFigures({ db: store.db, home }, world) },
      guard: { access: null, keyless: "admin" },
    });
    const get = async <T>(url: string, status = 200) => {
      const answer = await app.inject({ method: "GET", url });
      expect(answer.statusCode).toBe(status);
      return answer.json() as T;
    };
    const quality = await get<{ simulated: boolean; data: { days: { figures: { events: number } }[] } }>(
      "/quality?days=20",
    );
    expect([quality.simulated, quality.data.days.length]).toEqual([true, 20]);
    expect(quality.data.days.reduce((sum, { figures }) => sum + figures.events, 0)).toBeGreaterThan(100);
    const kpis = await get<{ days: { day: string; active_28d: number }[] }>("/kpis?days=2");
    expect(kpis.days.map(({ active_28d }) => active_28d > 0)).toEqual([true, true]);
    await get("/kpis?days=0", 400);
    const page = await get<{ items: { id: number; rule: string }[]; next_cursor: string }>("/alerts?state=all&limit=1");
    expect(page.items).toMatchObject([{ rule: "flaw", acked_at: null }]);
    const rest = await get<{ items: { rule: string }[]; next_cursor: null }>(
      `/alerts?state=all&limit=5&cursor=${page.next_cursor}`,
    );
    expect(rest).toMatchObject({ items: [{ rule: "silence" }], next_cursor: null });
    const metrics = (await app.inject({ method: "GET", url: "/metrics" })).body;
    expect(metrics).toContain('refrain_open_alerts{severity="warning"} 1');
    expect(metrics).toContain('refrain_open_alerts{severity="critical"} 0');
    expect(metrics).toMatch(/refrain_data_silence_seconds \d/);
    const acked = await app.inject({ method: "POST", url: `/alerts/${page.items[0]?.id}/ack` });
    expect(acked.json()).toMatchObject({ acked_by: "keyless", resolved_at: null });
    expect((await app.inject({ method: "POST", url: "/alerts/999/ack" })).json()).toMatchObject({
      code: "ALERT_UNKNOWN",
    });
    await app.close();
  });

  test("a step that fails keeps no other from being done, is alarming, and is tried again for some hours", async () => {
    now = Date.parse("2018-12-05T12:00:00Z");
    const done: string[] = [];
    const after: DailyStep = { name: "after", run: async () => void done.push("after") };
    const { failed, observedDays } = await close([{ name: "odd", run: broken }, after]);
    expect([failed, done]).toEqual([[{ step: "odd", reason: "it broke" }], ["after"]]);
    expect(observedDays).toBeGreaterThan(0);
    expect(await open()).toMatchObject([
      { rule: "loop-failed", subject: "odd", severity: "critical" },
      { rule: "silence" },
    ]);
    expect(await isDailyDue(store.db, settings, world)).toBe(false);
    let tries = 1;
    for (; tries < 10; tries++) {
      now += MS_PER_HOUR;
      if (!(await isDailyDue(store.db, settings, world))) break;
      await close([{ name: "odd", run: broken }]);
    }
    expect(tries).toBe(5);
    now += MS_PER_DAY;
    expect((await close()).failed).toEqual([]);
    expect((await open()).map(({ rule }) => rule)).toEqual(["silence"]);
  });

  test("is done by one process at a time, and broken off it goes on", async () => {
    now = Date.parse("2018-12-08T12:00:00Z");
    let second: unknown;
    const step: DailyStep = {
      name: "meanwhile",
      run: async () => {
        second = await closeDays({ db: store.db, home, holder: "two" }, { settings }, world);
      },
    };
    await close([step]);
    expect(second).toMatchObject({ failed: null, observedDays: 0 });
    await store.db.exec("TRUNCATE observed, observed_scores, observed_days, figures");
    const stop = { aborted: false };
    const stopping: DailyStep = { name: "stop", run: async () => void Object.assign(stop, { aborted: true }) };
    const place = { db: store.db, home, holder: "one", steps: [stopping] };
    await expect(closeDays(place, { settings }, { ...world, signal: stop })).rejects.toMatchObject({
      code: "INTERRUPTED",
    });
    expect((await close()).failed).toEqual([]);
    expect((await readObservedDays(store.db)).length).toBeGreaterThan(20);
  });

  test("a home without data has nothing to be done, and says so", async () => {
    const empty = join(folder, "empty");
    expect(await close([], empty)).toMatchObject({ failed: [], observedDays: 0, openedAlerts: 0 });
    const loop = new LoopFigures({ db: store.db, home: empty }, world);
    expect(await loop.quality()).toMatchObject({
      as_of: null,
      simulated: false,
      live: null,
      data: { verdict: "too few days to tell", days: [] },
    });
    expect(await loop.kpis()).toEqual({ simulated: false, days: [] });
  });
});
