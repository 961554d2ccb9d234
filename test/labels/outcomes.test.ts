import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRng } from "../../src/base/rng.js";
import { MS_PER_DAY, MS_PER_HOUR } from "../../src/base/time.js";
import { alterAfter } from "../../src/evaluate/audits/future-shuffle.js";
import { labelledCutoffs, outerSplits, POINT_IN_TIME_SHAPE } from "../../src/evaluate/splits.js";
import { takeSnapshots } from "../../src/features/snapshot-plan.js";
import { inactivity } from "../../src/labels/inactivity.js";
import { type Label, OUTCOME, settledAt } from "../../src/labels/label.js";
import { LABELS } from "../../src/labels/labels.js";
import { LABEL_WORDS } from "../../src/schema/label-words.js";
import { LEVEL, PAGE } from "../../src/schema/pages.js";
import { day } from "../evaluate/panel.js";
import { columnsOf, eventOf, logs, type OwnedEvent, START_MS } from "../features/columns.js";
import { bruteOutcome } from "./brute.js";

const USERS = 3;
const [DOWN, GONE] = [PAGE["Submit Downgrade"], PAGE["Cancellation Confirmation"]];
/** Pages that are turned into the ones that matter. */
const TURNED = new Map([PAGE.Home, PAGE.Help, PAGE.Downgrade].map((page) => [page, DOWN]));
for (const page of [PAGE.Cancel, PAGE.About, PAGE.Error]) TURNED.set(page, GONE);

/** Logs in which downgrades come several times to a user and cancellations to some. */
const lives = logs({ users: USERS, maxLength: 90 }).map((rows) =>
  rows.map((row) => ({ ...row, page: TURNED.get(row.page) ?? row.page })),
);
const labels: fc.Arbitrary<Label> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(LABELS.cancellation()) },
  { weight: 1, arbitrary: fc.constant(LABELS.downgrade()) },
  // More often: one of its outcomes is rare, and each is to be met.
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 20 }).map(inactivity) },
);
const cutoffs = fc.nat(90 * MS_PER_DAY).map((after) => START_MS + after);

describe("outcomes of any log", () => {
  test("are those that the definitions, tried one moment after another, give", () => {
    const seen = new Map<string, Set<number>>();
    const property = fc.property(lives, labels, cutoffs, (rows, label, cutoff) => {
      const outcomes = label.outcomes(columnsOf(rows, USERS));
      for (let user = 0; user < USERS; user++) {
        const own = rows.filter((row) => row.user === user);
        const outcome = outcomes(user, cutoff);
        expect(outcome).toBe(bruteOutcome(label, own, cutoff));
        seen.set(label.name, (seen.get(label.name) ?? new Set()).add(outcome));
      }
    });
    fc.assert(property, { numRuns: 6000 });
    const all = Object.values(OUTCOME);
    expect([...(seen.get("cancellation") ?? [])].sort()).toEqual(all.filter((one) => one !== OUTCOME.competing));
    expect([...(seen.get("downgrade") ?? [])].sort()).toEqual(all);
    expect([...(seen.get("inactivity") ?? [])].sort()).toEqual(all);
  });

  test("change by nothing that becomes known after they are settled", () => {
    const property = fc.property(lives, labels, cutoffs, fc.string(), (rows, label, cutoff, seed) => {
      const columns = columnsOf(rows, USERS);
      const { altered } = alterAfter(columns, settledAt(cutoff, label.window), seededRng(seed));
      const [before, after] = [label.outcomes(columns), label.outcomes(altered)];
      for (let user = 0; user < USERS; user++) expect(after(user, cutoff)).toBe(before(user, cutoff));
    });
    fc.assert(property, { numRuns: 1500 });
  });

  test("who has a 1 has the event by the end of the data, where no row shows later that it was not so", () => {
    const atOnce = lives.map((rows) => rows.map((row) => ({ ...row, knownAtMs: row.tsMs })));
    const property = fc.property(atOnce, labels, cutoffs, (rows, label, cutoff) => {
      const columns = columnsOf(rows, USERS);
      const last = Math.max(...rows.map(({ tsMs }) => tsMs));
      fc.pre(settledAt(cutoff, label.window) <= last);
      const [outcomes, times] = [label.outcomes(columns), label.eventTimes(columns)];
      for (let user = 0; user < USERS; user++) {
        if (outcomes(user, cutoff) === OUTCOME.churned) expect(times[user]).toBeLessThanOrEqual(last);
        if (!Number.isNaN(times[user])) expect(label.exposedFrom(columns)[user]).toBeLessThanOrEqual(times[user] ?? 0);
      }
    });
    fc.assert(property, { numRuns: 1500 });
  });
});

describe("downgrade", () => {
  const { outcomes, riskSet } = LABELS.downgrade();
  const at = (days: number, page: number, fields: Partial<OwnedEvent> = {}) =>
    eventOf({ tsMs: day(days), page, level: LEVEL.paid, ...fields });

  test("may come again: each cutoff waits for the next one", () => {
    const log = columnsOf([at(5, PAGE["Submit Downgrade"]), at(30, PAGE["Submit Downgrade"])], 1);
    const found = [0, 4.5, 5, 18, 19, 29, 29.5, 30].map((days) => outcomes(log)(0, day(days)));
    const { kept, churned, inGap } = OUTCOME;
    expect(found).toEqual([churned, inGap, kept, kept, churned, inGap, inGap, kept]);
  });

  test("a cancellation first is no downgrade, a downgrade first is one", () => {
    const order = (first: number, second: number) => columnsOf([at(5, first), at(6, second)], 1);
    expect(outcomes(order(GONE, DOWN))(0, day(1))).toBe(OUTCOME.competing);
    expect(outcomes(order(DOWN, GONE))(0, day(1))).toBe(OUTCOME.churned);
  });

  test("can come to those only who pay, as far as is known at the cutoff", () => {
    const free = { level: LEVEL.free };
    const events = [
      at(0, PAGE.Home),
      at(20, PAGE.Home, free),
      at(0, PAGE.Home, { user: 1, ...free }),
      at(20, PAGE["Submit Upgrade"], { user: 1, knownAtMs: day(24) }),
    ];
    const payers = [19, 22, 25].map((days) => {
      const plan = { catalogue: "point-in-time", cutoffs: [day(days)], riskSet: riskSet(1) } as const;
      return [...takeSnapshots(columnsOf(events, 2), plan, { from: 0, to: 2 }).userIndex];
    });
    expect(payers).toEqual([[0], [], [1]]);
  });
});

describe("inactivity", () => {
  const songsAt = (...days: readonly number[]) =>
    columnsOf(
      days.map((n) => eventOf({ tsMs: day(n), page: PAGE.NextSong })),
      1,
    );
  const { kept, churned, inGap, gone } = OUTCOME;

  test("14 days of silence from the end of the gap; one that is complete in the gap comes too late to act", () => {
    const { outcomes } = inactivity(14);
    const silentFrom = (last: number, next: number) => outcomes(songsAt(0, last, next))(0, day(20));
    expect(silentFrom(19, 35)).toBe(churned);
    expect(silentFrom(19, 34.9)).toBe(kept);
    expect(silentFrom(7.5, 40)).toBe(churned);
    expect(silentFrom(6.5, 40)).toBe(inGap);
    expect(silentFrom(6, 40)).toBe(gone);
    expect(outcomes(songsAt(19, 20.9, 21.1, 40))(0, day(20))).toBe(kept);
  });

  test("a silence shorter than the horizon may begin later in the window", () => {
    const { outcomes, window } = inactivity(5);
    expect(window).toEqual({ gapDays: 1, horizonDays: 10 });
    expect(outcomes(songsAt(20, 22, 24, 26, 31))(0, day(20))).toBe(churned);
    expect(outcomes(songsAt(20, 22, 24, 26.1, 32))(0, day(20))).toBe(kept);
  });

  test.each([1, 10, 14, 28, 40])("%i days: no cutoff is used whose window the data does not hold", (days) => {
    const { window, riskSet } = inactivity(days);
    expect(window).toEqual({ gapDays: 1, horizonDays: Math.max(10, days) });
    expect(riskSet(7).activeWithinDays).toBe(Math.min(28, days));
    const span = { firstTsMs: day(0), lastTsMs: day(200) + 5 * MS_PER_HOUR };
    const used = labelledCutoffs(span, POINT_IN_TIME_SHAPE.cutoffs, window);
    const last = used.at(-1) ?? 0;
    expect(last + (1 + Math.max(10, days)) * MS_PER_DAY).toBeLessThanOrEqual(span.lastTsMs);
    expect(last + (3 + Math.max(10, days)) * MS_PER_DAY).toBeGreaterThan(span.lastTsMs);
    const { tests, gate } = outerSplits(span, { ...POINT_IN_TIME_SHAPE, horizon: window });
    expect(tests).toHaveLength(3);
    for (const { train, test } of [...tests, ...(gate === null ? [] : [gate])]) {
      expect((train.at(-1) ?? 0) + (1 + Math.max(10, days)) * MS_PER_DAY).toBeLessThanOrEqual(test[0] ?? 0);
    }
  });

  test("a cancellation ends a silence, and none begins after it", () => {
    const left = (days: number) =>
      columnsOf([eventOf({ tsMs: day(20) }), eventOf({ tsMs: day(22) }), eventOf({ tsMs: day(days), page: GONE })], 1);
    expect(inactivity(14).outcomes(left(23))(0, day(20))).toBe(OUTCOME.competing);
    expect(inactivity(5).outcomes(left(28))(0, day(20))).toBe(churned);
    expect([...inactivity(5).eventTimes(left(23))]).toEqual([Number.NaN]);
    expect([...inactivity(5).eventTimes(left(28))]).toEqual([day(27)]);
  });
});

test("every label has its words, its name, and a version", () => {
  expect(Object.keys(LABELS)).toEqual(Object.keys(LABEL_WORDS));
  for (const [name, make] of Object.entries(LABELS)) {
    const label = make({});
    expect(label.name).toBe(name);
    expect(label.version).toBeGreaterThanOrEqual(1);
    expect(label.description).not.toBe("");
  }
});
