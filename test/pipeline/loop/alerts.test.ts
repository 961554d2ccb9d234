import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MS_PER_HOUR, MS_PER_MINUTE } from "../../../src/base/time.js";
import { ATTEMPTS_MAX, backoffMs } from "../../../src/monitor/alerts/backoff.js";
import { evaluateRules, type Finding } from "../../../src/monitor/alerts/evaluate-rules.js";
import { alertRules } from "../../../src/pipeline/loop/alert-rules.js";
import {
  type AlertSink,
  ackAlert,
  deliverAlerts,
  readAlerts,
  settleAlerts,
} from "../../../src/pipeline/loop/alert-table.js";
import { type AlertRule, DEFAULT_RULES } from "../../../src/schema/alert-rules.js";
import { BACKENDS, storeOfTests } from "../../store/live/backends.js";
import { temporaryFolder } from "../ingest-fixture.js";

const folder = temporaryFolder();
const START = 1_600_000_000_000;
const RULE: AlertRule = {
  name: "flaw",
  signal: "data.untrustworthy",
  above: 0,
  severity: "critical",
  cooldownHours: 24,
};
const finding = (subject = "events"): Finding => ({
  rule: "flaw",
  subject,
  severity: "critical",
  message: `${subject} is wrong`,
  value: 1,
});
const quiet = { warn() {} };

describe("rules", () => {
  test("hold for signals above or below a value, each subject on its own", () => {
    const rules: AlertRule[] = [
      RULE,
      { ...RULE, name: "low", signal: "live.shortfall", above: undefined, below: -0.5 },
    ];
    const signals = [
      { signal: "data.untrustworthy", subject: "events", value: 1, message: "a" },
      { signal: "data.untrustworthy", subject: "users", value: 0, message: "b" },
      { signal: "live.shortfall", subject: "v1", value: -0.6, message: "c" },
      { signal: "live.falling", subject: "v1", value: 1, message: "d" },
      { signal: "live.shortfall", subject: "v2", value: Number.NaN, message: "e" },
    ] as const;
    expect(evaluateRules(rules, signals).map(({ rule, subject }) => `${rule}/${subject}`)).toEqual([
      "flaw/events",
      "low/v1",
    ]);
    expect(evaluateRules([], signals)).toEqual([]);
  });

  test("are those of the home's alerts.json, and what is wrong with it is said", () => {
    const home = join(folder, "rules");
    mkdirSync(home);
    expect(alertRules(home)).toBe(DEFAULT_RULES);
    const write = (content: unknown) => writeFileSync(join(home, "alerts.json"), JSON.stringify(content));
    const { cooldownHours: _, ...bare } = RULE;
    write([bare]);
    expect(alertRules(home)).toEqual([RULE]);
    for (const bad of [
      {},
      [{ ...RULE, signal: "moon" }],
      [RULE, RULE],
      [{ ...RULE, below: 1 }],
      [{ ...bare, above: undefined }],
    ]) {
      write(bad);
      expect(() => alertRules(home)).toThrowError(expect.objectContaining({ code: "VALUE_BAD" }));
    }
    writeFileSync(join(home, "alerts.json"), "[");
    expect(() => alertRules(home)).toThrowError(expect.objectContaining({ code: "FILE_UNREADABLE" }));
  });

  test("waits double up to six hours", () => {
    expect([1, 2, 3, 10, ATTEMPTS_MAX].map(backoffMs)).toEqual([
      MS_PER_MINUTE,
      2 * MS_PER_MINUTE,
      4 * MS_PER_MINUTE,
      6 * MS_PER_HOUR,
      6 * MS_PER_HOUR,
    ]);
  });
});

for (const { name, isAbsent, place } of BACKENDS) {
  describe.skipIf(isAbsent)(`alerts: ${name}`, () => {
    const store = storeOfTests(place);
    const settle = (findings: readonly Finding[], now: number, sinks = ["log", "webhook"]) =>
      settleAlerts(store.db, findings, { rules: [RULE], sinks, now });
    const list = (state: "open" | "all" = "all") => readAlerts(store.db, { before: null, limit: 100, state });

    test("THE LAW: one open alert a rule and subject, each episode told once, whatever comes and goes", async () => {
      const step = fc.record({ hours: fc.integer({ min: 1, max: 40 }), events: fc.boolean(), users: fc.boolean() });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 9 }), async (steps) => {
          await store.db.exec("TRUNCATE alerts, alert_deliveries RESTART IDENTITY CASCADE");
          const told: string[] = [];
          const sink: AlertSink = async ({ id }, event) => void told.push(`${id}/${event}`);
          let now = START;
          const openedAt = new Map<string, number>();
          let expectedOpen = 0;
          for (const { hours, events, users } of steps) {
            now += hours * MS_PER_HOUR;
            const held = [...(events ? ["events"] : []), ...(users ? ["users"] : [])];
            const before = new Set((await list("open")).map(({ subject }) => subject));
            await settle(held.map(finding), now, ["log"]);
            await deliverAlerts(store.db, { log: sink }, { now, log: quiet });
            for (const subject of held) {
              if (before.has(subject) || now - (openedAt.get(subject) ?? 0) < 24 * MS_PER_HOUR) continue;
              openedAt.set(subject, now);
              expectedOpen++;
            }
            expect((await list("open")).map(({ subject }) => subject).sort()).toEqual(held.sort());
          }
          expect(told.filter((one) => one.endsWith("opened"))).toHaveLength(expectedOpen);
          expect(new Set(told.filter((one) => one.endsWith("opened"))).size).toBe(expectedOpen);
          expect(await list()).toHaveLength(expectedOpen);
        }),
        { numRuns: 12 },
      );
    });

    test("an episode is one alert; within the cooldown it comes back as itself and nobody is told again", async () => {
      expect(await settle([finding()], START)).toEqual({ opened: 1, resolved: 0 });
      expect(await settle([finding()], START + MS_PER_HOUR)).toEqual({ opened: 0, resolved: 0 });
      expect(await list()).toMatchObject([{ timesSeen: 2, lastSeenMs: START + MS_PER_HOUR, resolvedAtMs: null }]);
      expect(await settle([], START + 2 * MS_PER_HOUR)).toEqual({ opened: 0, resolved: 1 });
      expect(await settle([finding()], START + 3 * MS_PER_HOUR)).toEqual({ opened: 0, resolved: 0 });
      expect(await list("open")).toHaveLength(1);
      await settle([], START + 4 * MS_PER_HOUR);
      expect(await settle([finding()], START + 30 * MS_PER_HOUR)).toEqual({ opened: 1, resolved: 0 });
      expect((await list()).map(({ id }) => id)).toEqual([2, 1]);
      // A clock that has gone back opens a new one rather than none.
      await settle([], START + 31 * MS_PER_HOUR);
      expect(await settle([finding()], START - 90 * MS_PER_HOUR)).toEqual({ opened: 1, resolved: 0 });
    });

    test("is acknowledged once, by whom it was first, and stays open", async () => {
      await settle([finding()], START);
      expect(await ackAlert(store.db, 1, { by: "ada", now: START + 5 })).toMatchObject({
        ackedBy: "ada",
        ackedAtMs: START + 5,
      });
      expect(await ackAlert(store.db, 1, { by: "bob", now: START + 9 })).toMatchObject({
        ackedBy: "ada",
        resolvedAtMs: null,
      });
      await expect(ackAlert(store.db, 77, { by: "ada", now: START })).rejects.toMatchObject({ code: "ALERT_UNKNOWN" });
    });

    test("what could not be told is tried again, ever later, by whoever is alive, and given up in the end", async () => {
      await settle([finding()], START);
      const told: string[] = [];
      const log: AlertSink = async (_, event) => void told.push(event);
      const dead: AlertSink = async () => {
        throw new Error("it does not answer");
      };
      const deliver = (webhook: AlertSink, now: number) =>
        deliverAlerts(store.db, { log, webhook }, { now, log: quiet });
      expect(await deliver(dead, START)).toEqual({ delivered: 1, failed: 1 });
      expect(await deliver(dead, START + 10)).toEqual({ delivered: 0, failed: 0 });
      expect(await deliver(dead, START + MS_PER_MINUTE)).toEqual({ delivered: 0, failed: 1 });
      // A process that died while it told: what it had claimed is free again after two minutes.
      await store.db.query("UPDATE alert_deliveries SET next_at_ms = $1, attempts = 3 WHERE sink = 'webhook'", [
        START + 10 * MS_PER_MINUTE,
      ]);
      const heard: string[] = [];
      const alive: AlertSink = async ({ message }, event) => void heard.push(`${event} ${message}`);
      expect(await deliver(alive, START + 9 * MS_PER_MINUTE)).toEqual({ delivered: 0, failed: 0 });
      expect(await deliver(alive, START + 10 * MS_PER_MINUTE)).toEqual({ delivered: 1, failed: 0 });
      expect([told, heard]).toEqual([["opened"], ["opened events is wrong"]]);
      await settle([], START + MS_PER_HOUR);
      let now = START + MS_PER_HOUR;
      let attempts = 0;
      for (; attempts < 50; attempts++, now += 7 * MS_PER_HOUR) {
        if ((await deliver(dead, now)).failed === 0) break;
      }
      expect(attempts).toBe(ATTEMPTS_MAX);
      expect(told).toEqual(["opened", "resolved"]);
    });

    test("two who deliver and settle at once tell once", async () => {
      await Promise.all([settle([finding()], START), settle([finding()], START)]);
      expect(await list()).toHaveLength(1);
      const told: number[] = [];
      const sink: AlertSink = async ({ id }) => void told.push(id);
      const deliver = () => deliverAlerts(store.db, { log: sink, webhook: sink }, { now: START, log: quiet });
      await Promise.all([deliver(), deliver(), deliver()]);
      expect(told).toEqual([1, 1]);
    });
  });
}
