import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRng, shuffledIndices } from "../../src/base/rng.js";
import { MS_PER_DAY, MS_PER_MINUTE, utcDay } from "../../src/base/time.js";
import {
  addToSet,
  type DistinctSet,
  EXACT_MEMBERS_MAX,
  emptySet,
  packSet,
  sizeOfSet,
  unpackSet,
} from "../../src/features/accumulators/distinct.js";
import { listening } from "../../src/features/accumulators/listening.js";
import { activeDays, between, inWindow, MEASURES, recent } from "../../src/features/accumulators/recent.js";
import { sessions } from "../../src/features/accumulators/sessions.js";
import type { Accumulator } from "../../src/features/fold.js";
import { PAGE } from "../../src/schema/pages.js";
import { columnsOf, eventOf, logs, type OwnedEvent, START_MS } from "./columns.js";
import { COUNTED } from "./counted.js";

function folded<S>(accumulator: Accumulator<S>, events: readonly OwnedEvent[]): S {
  const state = accumulator.empty();
  for (const event of events) accumulator.add(state, event);
  return state;
}

/** One user's events in the order of the fold. */
const oneUser = (events: readonly OwnedEvent[]): OwnedEvent[] =>
  [...events].sort((a, b) => a.knownAtMs - b.knownAtMs || a.tsMs - b.tsMs);

describe("recent days", () => {
  test("windows are counts over whole UTC days and today so far, also when time goes back", () => {
    const property = fc.property(
      logs({ users: 1, maxLength: 120 }).map(oneUser),
      fc.nat(40 * MS_PER_DAY),
      fc.integer({ min: 0, max: 28 }),
      fc.integer({ min: 0, max: 28 }),
      fc.constantFrom(...MEASURES),
      (events, wait, a, b, measure) => {
        const state = folded(recent, events);
        const cutoff = (events.at(-1)?.knownAtMs ?? 0) + wait;
        const [toDaysAgo, fromDaysAgo] = [Math.min(a, b), Math.max(a, b)];
        const inside = (from: number, to: number) =>
          events.filter(({ tsMs }) => {
            const ago = utcDay(cutoff) - utcDay(tsMs);
            return ago <= from && ago >= to;
          });
        const sum = (rows: readonly OwnedEvent[]) => rows.reduce((total, row) => total + COUNTED[measure](row), 0);
        expect(between(state, cutoff, { fromDaysAgo, toDaysAgo, measure })).toBe(sum(inside(fromDaysAgo, toDaysAgo)));
        expect(inWindow(state, cutoff, fromDaysAgo, measure)).toBe(sum(inside(fromDaysAgo, 0)));
        const days = new Set(inside(fromDaysAgo, 0).map(({ tsMs }) => utcDay(tsMs)));
        expect(activeDays(state, cutoff, fromDaysAgo)).toBe(days.size);
      },
    );
    fc.assert(property, { numRuns: 1000 });
  });
});

test("the ring holds 28 whole days and today: the oldest counts, the one before it does not", () => {
  const on = (days: readonly number[]) =>
    folded(
      recent,
      days.map((day) => eventOf({ tsMs: START_MS + day * MS_PER_DAY })),
    );
  const noon = (day: number) => START_MS + (day + 0.5) * MS_PER_DAY;
  for (const days of [
    [0, 28],
    [28, 0],
    [0, 28, 0.9, 28.1],
  ]) {
    expect(inWindow(on(days), noon(28), 28, "events")).toBe(days.length);
    expect(inWindow(on(days), noon(28), 27, "events")).toBe(days.length / 2);
    expect(activeDays(on(days), noon(28), 28)).toBe(2);
    expect(activeDays(on(days), noon(28), 27)).toBe(1);
  }
  expect(inWindow(on([0, 29]), noon(29), 28, "events")).toBe(1);
  expect(inWindow(on([29, 0]), noon(29), 28, "events")).toBe(1);
  expect(inWindow(on([5]), noon(33), 28, "events")).toBe(1);
  expect(inWindow(on([5]), noon(34), 28, "events")).toBe(0);
});

describe("distinct sets", () => {
  const rng = seededRng("distinct");
  const members = Float64Array.from({ length: 50_000 }, () => rng.below(2 ** 52));
  const filled = (count: number, order: (i: number) => number = (i) => i): DistinctSet => {
    const set = emptySet();
    for (let i = 0; i < count; i++) addToSet(set, members[order(i)] ?? 0);
    return set;
  };

  test("are exact to 512 members", () => {
    for (const size of [0, 1, 100, EXACT_MEMBERS_MAX]) expect(sizeOfSet(filled(size))).toBe(size);
    expect(filled(EXACT_MEMBERS_MAX).registers).toBeNull();
    expect(filled(EXACT_MEMBERS_MAX + 1).registers).not.toBeNull();
    const small = fc.array(
      fc.oneof(
        fc.nat(40),
        fc.nat(8).map((n) => n * 1024 + 1023),
        fc.constant(2 ** 52 - 1),
      ),
    );
    fc.assert(
      fc.property(small, (values) => {
        const set = emptySet();
        for (const value of values) addToSet(set, value);
        expect(sizeOfSet(set)).toBe(new Set(values).size);
      }),
    );
  });

  // The standard error is 1.04 / √2048 = 2.3%; four of them, and a little for the bias near 2.5 m.
  test.each([513, 600, 1_000, 5_000, 10_000, 50_000])("of %i members are within four standard errors", (count) => {
    expect(Math.abs(sizeOfSet(filled(count)) / count - 1)).toBeLessThan(0.1);
  });

  test("keep, in any order, exactly the sum and the zeros that a look at every register gives", () => {
    for (const count of [513, 2_000, 50_000]) {
      const order = shuffledIndices(count, seededRng(`registers ${count}`));
      for (const set of [filled(count), filled(count, (i) => order[i] ?? 0)]) {
        const ranks = Array.from(set.registers ?? []);
        expect(set.inverseSum).toBe(ranks.reduce((sum, rank) => sum + 2 ** -rank, 0));
        expect(set.zeros).toBe(ranks.filter((rank) => rank === 0).length);
        const back = unpackSet(packSet(set), { estimated: true });
        expect([back.inverseSum, back.zeros]).toEqual([set.inverseSum, set.zeros]);
      }
    }
  });

  test("are right on average: no bias beyond one standard error of twenty sets", () => {
    for (const count of [1_000, 8_000]) {
      const off = Array.from({ length: 20 }, (_, s) => {
        const own = seededRng(`set ${s}`);
        const set = emptySet();
        for (let i = 0; i < count; i++) addToSet(set, own.below(2 ** 52));
        return sizeOfSet(set) / count - 1;
      });
      expect(Math.abs(off.reduce((sum, value) => sum + value, 0) / off.length)).toBeLessThan(0.023);
    }
  });

  test.each([300, 512, 513, 5_000])("of %i members do not depend on the order, nor on repeats", (count) => {
    const order = shuffledIndices(count, seededRng(count));
    const straight = filled(count);
    const other = filled(count * 2, (i) => order[i % count] ?? 0);
    expect(sizeOfSet(other)).toBe(sizeOfSet(straight));
    expect(other.registers).toEqual(straight.registers);
    expect([...(other.members ?? [])].sort()).toEqual([...(straight.members ?? [])].sort());
  });
});

describe("a stored set", () => {
  const filled = (count: number): DistinctSet => {
    const own = seededRng("stored");
    const set = emptySet();
    for (let i = 0; i < count; i++) addToSet(set, own.below(2 ** 52));
    return set;
  };

  test.each([0, 1, 2, 3, 511, 512, 513, 4_000])("of %i members comes back, goes on the same, and is small", (count) => {
    const set = filled(count);
    const bytes = packSet(set);
    expect(bytes.length).toBe(count <= 512 ? Math.ceil(count * 6.5) : 2_048);
    const back = unpackSet(bytes, { estimated: set.registers !== null });
    expect(sizeOfSet(back)).toBe(sizeOfSet(set));
    expect(packSet(back)).toEqual(bytes);
    for (const member of [7, 2 ** 52 - 1, 7]) {
      addToSet(back, member);
      addToSet(set, member);
    }
    expect(packSet(back)).toEqual(packSet(set));
  });

  test("is the same bytes whatever the order of its members", () => {
    const sets = fc.uniqueArray(
      fc.maxSafeNat().map((n) => n % 2 ** 52),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(sets, (members) => {
        const [there, back] = [emptySet(), emptySet()];
        for (const member of members) addToSet(there, member);
        for (const member of members.toReversed()) addToSet(back, member);
        expect(packSet(there)).toEqual(packSet(back));
      }),
    );
  });
});

describe("sessions", () => {
  test("are cut where the id changes or more than 30 minutes are idle", () => {
    const property = fc.property(logs({ users: 1 }), (events) => {
      const rows = [...events].sort((a, b) => a.tsMs - b.tsMs);
      const runs: OwnedEvent[][] = [];
      for (const [i, row] of rows.entries()) {
        const before = rows[i - 1];
        const goesOn = before?.sessionId === row.sessionId && row.tsMs - before.tsMs <= 30 * MS_PER_MINUTE;
        if (goesOn) runs.at(-1)?.push(row);
        else runs.push([row]);
      }
      const span = (run: readonly OwnedEvent[]) => (run.at(-1)?.tsMs ?? 0) - (run[0]?.tsMs ?? 0);
      const finished = runs.slice(0, -1);
      const pauses = finished
        .map((run, i) => (runs[i + 1]?.[0]?.tsMs ?? 0) - (run.at(-1)?.tsMs ?? 0))
        .filter((ms) => ms > 0);
      const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
      expect(folded(sessions, rows)).toMatchObject({
        count: runs.length,
        rows: runs.at(-1)?.length,
        durationMsSum: sum(finished.map(span)),
        rowsSum: sum(finished.map((run) => run.length)),
        rowsMax: Math.max(0, ...finished.map((run) => run.length)),
        gaps: pauses.length,
        gapMsSum: sum(pauses),
        gapMsMax: Math.max(0, ...pauses),
      });
    });
    fc.assert(property, { numRuns: 300 });
  });

  test("thirty idle minutes go on, a moment more is a new session", () => {
    const pairOf = (ms: number, sessionId = 1) => [eventOf({}), eventOf({ tsMs: START_MS + ms, sessionId })];
    expect(folded(sessions, pairOf(30 * MS_PER_MINUTE)).count).toBe(1);
    expect(folded(sessions, pairOf(30 * MS_PER_MINUTE + 1))).toMatchObject({
      count: 2,
      gapMsSum: 30 * MS_PER_MINUTE + 1,
    });
    expect(folded(sessions, pairOf(1, 2)).count).toBe(2);
  });

  test("a row that was known late and happened early is not a pause", () => {
    const rows = [0, 10, 5].map((minute) =>
      eventOf({ tsMs: START_MS + minute * MS_PER_MINUTE, knownAtMs: START_MS + 1e7 }),
    );
    expect(folded(sessions, rows)).toMatchObject({ count: 1, rows: 3, gaps: 0, startMs: START_MS });
    expect(columnsOf(rows, 1).tsMs[1]).toBe(START_MS + 5 * MS_PER_MINUTE);
  });
});

describe("listening", () => {
  const song = (atSeconds: number, seconds: number | null, sessionId = 1) =>
    eventOf({
      page: PAGE.NextSong,
      tsMs: START_MS + atSeconds * 1000,
      length10us: seconds === null ? -1 : seconds * 100_000,
      sessionId,
    });

  test("a song is skipped when the next of its session begins more than two seconds before its end", () => {
    expect(folded(listening, [song(0, 200), song(198, 100)]).skips).toBe(0);
    expect(folded(listening, [song(0, 200), song(197, 100)]).skips).toBe(1);
    expect(folded(listening, [song(0, 200), song(10, 100, 2)]).skips).toBe(0);
    expect(folded(listening, [song(0, 200), song(10, 100), song(20, 100)])).toMatchObject({ skips: 2, songs: 3 });
    expect(folded(listening, [song(0, 200), eventOf({ tsMs: START_MS + 1 })])).toMatchObject({ songs: 1, skips: 0 });
  });
});
