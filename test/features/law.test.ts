import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { asInstant, MS_PER_DAY } from "../../src/base/time.js";
import { changedFeatures } from "../../src/evaluate/audits/future-shuffle.js";
import { POINT_IN_TIME } from "../../src/features/catalogue.js";
import { FAMILIES } from "../../src/features/fold.js";
import { RISK_SET } from "../../src/features/risk-set.js";
import { featureNames, type SnapshotPlan, takeSnapshots } from "../../src/features/snapshot-plan.js";
import { joinParts, type SnapshotTable } from "../../src/features/snapshot-table.js";
import { columnsOf, content, eventOf, logs, type OwnedEvent, START_MS } from "./columns.js";

const USERS = 3;
const UNITS = ["count", "days", "hours", "minutes", "seconds", "share", "ratio", "per song", "log", "index", "yes/no"];
const DAYS = 60;

function photographed(events: readonly OwnedEvent[], plan: SnapshotPlan, edges: readonly number[] = [0, USERS]) {
  const columns = columnsOf(events, USERS);
  const parts = edges.slice(1).map((to, i) => takeSnapshots(columns, plan, { from: edges[i] ?? 0, to }));
  return joinParts(parts, { features: featureNames(plan), users: columns.users });
}

const planAt = (
  cutoffs: readonly number[],
  catalogue: SnapshotPlan["catalogue"] = "point-in-time",
  riskSet: SnapshotPlan["riskSet"] = null,
): SnapshotPlan => ({ catalogue, cutoffs: cutoffs.map(asInstant), riskSet });

/** A cutoff: often the very moment at which something becomes known. */
const cutoffOf = (events: readonly OwnedEvent[], { pick, shift }: { pick: number; shift: number }): number =>
  (events[pick % events.length]?.knownAtMs ?? START_MS) + shift;
const choice = fc.record({ pick: fc.nat(1000), shift: fc.constantFrom(0, 0, -1, 1, 3_600_000, MS_PER_DAY) });

/** What may be put in the place of the future: any row that becomes known later, also one that happened before the cutoff. */
const later = fc.record({
  user: fc.nat(USERS - 1),
  after: fc.integer({ min: 1, max: 30 * MS_PER_DAY }),
  back: fc.nat(10 * MS_PER_DAY),
  content,
});

describe("THE LAW: what becomes known after a cutoff changes no feature at it", () => {
  const catalogues = ["point-in-time", "whole-history"] as const;
  test.each(catalogues)("%s, to the bit: rows altered, removed and added", (catalogue) => {
    const property = fc.property(
      logs({ users: USERS }),
      choice,
      fc.array(later, { maxLength: 15 }),
      fc.infiniteStream(fc.constantFrom("kept", "altered", "removed")),
      (events, chosen, added, fates) => {
        const cutoff = cutoffOf(events, chosen);
        const moved = (one: (typeof added)[number]): OwnedEvent => {
          const knownAtMs = cutoff + one.after;
          return {
            ...one.content,
            user: one.user,
            knownAtMs,
            tsMs: knownAtMs - Math.min(one.back, one.after + 5 * MS_PER_DAY),
          };
        };
        const other = events.flatMap((event, i): OwnedEvent[] => {
          if (event.knownAtMs <= cutoff) return [event];
          const fate = fates.next().value;
          if (fate === "removed") return [];
          const source = added[i % Math.max(1, added.length)];
          return fate === "altered" && source !== undefined ? [moved(source)] : [event];
        });
        other.push(...added.map(moved));
        const plan = planAt([cutoff - MS_PER_DAY, cutoff], catalogue);
        expect(changedFeatures(photographed(events, plan), photographed(other, plan))).toEqual([]);
        const atRisk = planAt([cutoff], catalogue, RISK_SET);
        expect(changedFeatures(photographed(events, atRisk), photographed(other, atRisk))).toEqual([]);
      },
    );
    fc.assert(property, { numRuns: 400 });
  });

  test("the check can fail: what was known before the cutoff changes every feature of rows in some log", () => {
    const changed = fc.sample(logs({ users: USERS }), { numRuns: 60, seed: 7 }).flatMap((events) => {
      const [first] = events;
      const lastMs = Math.max(...events.map((event) => event.knownAtMs));
      const plan = planAt([lastMs + MS_PER_DAY]);
      const altered = events.map((event, i) => ({
        ...event,
        tsMs: event.tsMs - MS_PER_DAY,
        level: 1 - (event.level % 2),
        state: 4 - event.state,
        ...(i % 3 === 0 ? { page: 1, gender: 1, registrationMs: 0 } : {}),
      }));
      for (let item = 0; first !== undefined && item < 90; item++) {
        altered.push(eventOf({ user: first.user, tsMs: lastMs, sessionId: 77, item, artist: item, song: item }));
      }
      return changedFeatures(photographed(events, plan), photographed(altered, plan));
    });
    const ofRows = POINT_IN_TIME.features.filter(({ knownAt }) => knownAt !== "cutoff");
    expect(new Set(changed)).toEqual(new Set(ofRows.map(({ name }) => name)));
  });
});

describe("one pass", () => {
  const cutoffDays = fc
    .uniqueArray(fc.nat(DAYS), { minLength: 1, maxLength: 6 })
    .map((days) => days.sort((a, b) => a - b));

  test("features of many cutoffs are those of each cutoff alone", () => {
    const property = fc.property(logs({ users: USERS }), cutoffDays, (events, days) => {
      const cutoffs = days.map((day) => START_MS + day * MS_PER_DAY);
      const together = rowsOf(photographed(events, planAt(cutoffs)));
      const alone = cutoffs.flatMap((cutoff) => [...rowsOf(photographed(events, planAt([cutoff])))]);
      expect(together).toEqual(new Map(alone));
    });
    fc.assert(property, { numRuns: 200 });
  });

  test("users folded in any shares, from a log in any order, give the same table", () => {
    const property = fc.property(
      logs({ users: USERS }),
      cutoffDays,
      fc.nat(USERS),
      fc.nat(),
      (events, days, edge, turn) => {
        const plan = planAt(days.map((day) => START_MS + day * MS_PER_DAY));
        const untied = [...new Map(events.map((event) => [event.knownAtMs, event])).values()];
        const turned = untied.map((_, i) => untied[(i * 7919 + turn) % untied.length] as OwnedEvent);
        const whole = photographed(untied, plan);
        expect(photographed(untied, plan, [0, edge, USERS])).toEqual(whole);
        expect(photographed(turned, plan)).toEqual(whole);
      },
    );
    fc.assert(property, { numRuns: 200 });
  });

  test("nobody is photographed before anything is known of them", () => {
    const event = eventOf({ user: 1, tsMs: START_MS, knownAtMs: START_MS + 5 });
    const table = photographed([event], planAt([START_MS + 4, START_MS + 5]));
    expect([...table.cutoffMs]).toEqual([START_MS + 5]);
    expect([...table.userIndex]).toEqual([1]);
  });
});

describe("the risk set", () => {
  const day = (n: number) => START_MS + n * MS_PER_DAY;
  const seen = (days: readonly number[], cutoff: number, last: Partial<OwnedEvent> = {}) => {
    const events = days.map((n, i) => eventOf({ tsMs: day(n), ...(i === days.length - 1 ? last : {}) }));
    return photographed(events, planAt([day(cutoff)], "point-in-time", RISK_SET)).x.rows;
  };
  const cancelled = { page: 19 };

  test("needs seven days of history, a sign of life in 28 days, and no cancellation", () => {
    expect(seen([0], 6.99)).toBe(0);
    expect(seen([0], 7)).toBe(1);
    expect(seen([0], 27.99)).toBe(1);
    expect(seen([0], 28)).toBe(0);
    expect(seen([0, 20], 40)).toBe(1);
    expect(seen([0, 8], 9, cancelled)).toBe(0);
    expect(seen([0, 10], 9, cancelled)).toBe(1);
  });
});

describe("the catalogue", () => {
  const { features, accumulators } = POINT_IN_TIME;

  test("has at least 75 features of twelve families, each named once and described", () => {
    expect(features.length).toBeGreaterThanOrEqual(75);
    expect(new Set(features.map(({ family }) => family))).toEqual(new Set(FAMILIES));
    expect(new Set(features.map(({ name }) => name)).size).toBe(features.length);
    for (const { name, family, unit, description } of features) {
      expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(FAMILIES, name).toContain(family);
      expect(UNITS).toContain(unit);
      expect(description.length, name).toBeGreaterThan(5);
      expect(unit === "log", name).toBe(/^log_|_trend$/.test(name));
    }
    expect(new Set(Object.values(accumulators).map(({ name }) => name))).toEqual(new Set(Object.keys(accumulators)));
  });

  test.each(["point-in-time", "whole-history"] as const)(
    "%s: a number or NaN for everyone with an event",
    (catalogue) => {
      const property = fc.property(logs({ users: USERS }), choice, (events, chosen) => {
        const table = photographed(events, planAt([cutoffOf(events, chosen)], catalogue));
        const odd = table.features.filter((_, j) =>
          Array.from({ length: table.x.rows }, (_row, i) => table.x.data[i * table.x.cols + j]).some(
            (value) => value === undefined || Math.abs(value) === Number.POSITIVE_INFINITY,
          ),
        );
        // The reference divides by the days since registration, and a cutoff may be that very moment.
        expect(odd.filter((name) => catalogue === "point-in-time" || !name.startsWith("avg_daily_"))).toEqual([]);
        if (catalogue === "whole-history") expect(table.x.data.some(Number.isNaN)).toBe(false);
      });
      fc.assert(property, { numRuns: 200 });
    },
  );

  test("shares are shares", () => {
    const shares = features.flatMap(({ unit, name }, j) => (unit === "share" ? [{ name, j }] : []));
    expect(shares.length).toBeGreaterThan(3);
    const property = fc.property(logs({ users: USERS }), choice, (events, chosen) => {
      const { x } = photographed(events, planAt([cutoffOf(events, chosen)]));
      for (let row = 0; row < x.rows; row++) {
        for (const { name, j } of shares) {
          const value = x.data[row * x.cols + j] ?? Number.NaN;
          if (Number.isNaN(value)) continue;
          expect(value, name).toBeGreaterThanOrEqual(0);
          // A day is a calendar day: two of them can lie within one day's length.
          if (name !== "active_day_share" && name !== "artists_per_song") expect(value, name).toBeLessThanOrEqual(1);
        }
      }
    });
    fc.assert(property, { numRuns: 100 });
  });
});

/** Rows by user and cutoff, values kept to the bit. */
function rowsOf(table: SnapshotTable): Map<string, Float64Array> {
  const { cols, data } = table.x;
  return new Map(
    Array.from(table.userIndex, (user, row) => [
      `${user}@${table.cutoffMs[row]}`,
      data.slice(row * cols, (row + 1) * cols),
    ]),
  );
}
