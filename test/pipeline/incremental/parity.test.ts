import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { seededRng, shuffledIndices } from "../../../src/base/rng.js";
import { asInstant, type Instant, MS_PER_DAY } from "../../../src/base/time.js";
import { POINT_IN_TIME } from "../../../src/features/catalogue.js";
import { IncrementalFold } from "../../../src/pipeline/incremental/incremental-fold.js";
import { MemoryStore } from "../../../src/pipeline/incremental/memory-store.js";
import { type TestEvent, temporaryFolder, testWorld } from "../ingest-fixture.js";
import { simulatedLog } from "../simulated-home.js";
import { batchColumns, coded, type Folded, inBatch, incrementally } from "./both-ways.js";
import { SEEN_FIRST, SEEN_LATE } from "./taken-back.js";

const folder = temporaryFolder();
let homes = 0;
let log: TestEvent[];

beforeAll(async () => {
  const { log: path } = await simulatedLog(folder, { users: 40, seed: 11, days: 21 }, testWorld());
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  log = lines.map((line) => JSON.parse(line) as TestEvent);
});

const tsOf = (event: TestEvent): number => event.ts as number;

function cutoffsOf(events: readonly TestEvent[], shares: readonly number[]): Instant[] {
  const sorted = events.map(tsOf).sort((a, b) => a - b);
  const first = sorted[0] ?? 0;
  const last = sorted.at(-1) ?? 0;
  const among = shares.map((share) => sorted[Math.floor(share * (sorted.length - 1))] ?? first);
  return [...new Set([...among, last, last + 2 * MS_PER_DAY])].sort((a, b) => a - b).map(asInstant);
}

/** Splits a list by sizes that come round again. */
function cut<T>(list: readonly T[], sizes: readonly number[]): T[][] {
  const batches: T[][] = [];
  for (let from = 0, i = 0; from < list.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    batches.push(list.slice(from, from + size));
    from += size;
  }
  return batches;
}

const turned = <T>(list: readonly T[], seed: string): T[] =>
  [...shuffledIndices(list.length, seededRng(seed))].map((at) => list[at] as T);

function expectSame(one: Folded, other: Folded): void {
  const differing = POINT_IN_TIME.features.filter((_, j) =>
    [...one.features].some(([row, values]) => !Object.is(values[j], other.features.get(row)?.[j])),
  );
  expect(differing.map(({ name }) => name)).toEqual([]);
  expect([...one.features.keys()].sort()).toEqual([...other.features.keys()].sort());
  expect(new Map([...one.states].sort())).toEqual(new Map([...other.states].sort()));
}

/** Rows that no service would send: of pages nobody knows, in pairs that tie, with and without a user, at wild moments. */
const wild = fc.record({
  userId: fc.constantFrom("", "", "wild", "100001"),
  sessionId: fc.nat(2),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  itemInSession: fc.nat(3),
  page: fc.constantFrom("Home", "Login", "Logout", "NextSong", "Weird A", "Weird B"),
  auth: fc.constantFrom("Logged In", "Logged Out", "Guest", undefined),
  level: fc.constantFrom("free", "paid", undefined),
  location: fc.constantFrom("Ottawa, ON", "Newark, NY-NJ-PA", "Nowhere", undefined),
});

describe("THE PARITY LAW: any order and any batch size give what the batch gives, bit for bit", () => {
  test("parts of a log with shared session ids, gaps, repetitions and wild rows", async () => {
    let recovered = 0;
    const property = fc.asyncProperty(
      fc.double({ min: 0, max: 0.9, noNaN: true }),
      fc.integer({ min: 20, max: 400 }),
      fc.integer({ min: 1, max: 6 }),
      fc.array(wild, { maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 }),
      fc.constantFrom("in order", "shuffled", "backwards", "in blocks"),
      fc.nat(),
      async (start, length, modulus, wilds, sizes, order, seed) => {
        const from = Math.floor(start * log.length);
        const slice = log.slice(from, from + length).filter((_, i) => (i * 7 + seed) % 23 !== 0);
        const span = { first: tsOf(slice[0] ?? {}), last: tsOf(slice.at(-1) ?? {}) };
        const strange = wilds.map(({ at, ...row }) => ({
          ...row,
          ts: Math.round(span.first + at * (span.last - span.first)),
        }));
        const shared = slice.map((row, i) =>
          i % 3 === 0 ? row : { ...row, sessionId: Number(row.sessionId) % modulus },
        );
        const events = [...new Map([...shared, ...strange].map((row) => [keyOf(row), row])).values()];
        const cutoffs = cutoffsOf(events, [0.2, 0.5, 0.9]);
        const columns = await batchColumns(folder, join(folder, `home${homes++}`), events);
        for (const [row, known] of columns.knownAtMs.entries()) if (known > (columns.tsMs[row] ?? 0)) recovered++;
        const sent = arrange([...events, ...events.filter((_, i) => i % 5 === 0)], order, String(seed));
        expectSame(await incrementally(cut(coded(sent), sizes), cutoffs), inBatch(columns, cutoffs));
      },
    );
    await fc.assert(property, { numRuns: 30 });
    expect(recovered).toBeGreaterThan(0);
  });

  test("a whole small log of 40 users: shuffled in large batches, and one event at a time as they came", async () => {
    const cutoffs = cutoffsOf(log, [0.25, 0.5, 0.75]);
    const columns = await batchColumns(folder, join(folder, "whole"), log);
    const batch = inBatch(columns, cutoffs);
    expect(columns.users).toHaveLength(40);
    expect([...columns.knownAtMs].filter((known, row) => known > (columns.tsMs[row] ?? 0)).length).toBeGreaterThan(30);
    expectSame(await incrementally(cut(coded(turned(log, "parity")), [2_000, 900]), cutoffs), batch);
    expectSame(await incrementally(cut(coded(log), [1]), cutoffs), batch);
  });
});

test("an owner found is given up when a late row tells another story", async () => {
  const store = new MemoryStore();
  const fold = new IncrementalFold(store);
  await fold.add(coded(SEEN_FIRST));
  expect(await store.rowsOfUser("ada")).toHaveLength(SEEN_FIRST.length);
  const { users } = await fold.add(coded(SEEN_LATE));
  expect(new Set(users)).toEqual(new Set(["ada", "bob"]));
  expect(await store.rowsOfUser("ada")).toHaveLength(SEEN_FIRST.length - 1);
  const all = [...SEEN_FIRST, ...SEEN_LATE];
  const cutoffs = cutoffsOf(all, [0.6]);
  const batch = inBatch(await batchColumns(folder, join(folder, "taken-back"), all), cutoffs);
  expectSame(await incrementally([coded(SEEN_FIRST), coded(SEEN_LATE)], cutoffs), batch);
});

test("rows that differ in nothing but their unknown page and place are folded by the place's name", async () => {
  const twin = (page: string, location: string): TestEvent => ({ ...SEEN_FIRST[0], page, location });
  const twins = [twin("Weird A", "Ottawa, ON"), twin("Weird B", "Newark, NY-NJ-PA"), twin("Weird C", "Austin, TX")];
  const cutoffs = cutoffsOf(twins, []);
  const batch = inBatch(await batchColumns(folder, join(folder, "twins"), twins), cutoffs);
  for (const order of [twins, [...twins].reverse()]) {
    expectSame(await incrementally(cut(coded(order), [1]), cutoffs), batch);
    const again = await batchColumns(folder, join(folder, `twins${homes++}`), order);
    expectSame(inBatch(again, cutoffs), batch);
  }
});

test("the check can fail: an event less is seen", async () => {
  const events = log.slice(0, 60);
  const cutoffs = cutoffsOf(events, [0.5]);
  const whole = await incrementally([coded(events)], cutoffs);
  const less = await incrementally([coded(events.slice(1))], cutoffs);
  expect(() => expectSame(whole, less)).toThrow();
});

function keyOf({ userId, sessionId, itemInSession, ts, page }: TestEvent): string {
  return JSON.stringify([userId ?? "", sessionId, itemInSession, ts, page]);
}

function arrange<T>(list: readonly T[], order: string, seed: string): T[] {
  if (order === "backwards") return [...list].reverse();
  if (order === "shuffled") return turned(list, seed);
  if (order === "in blocks") return turned(cut(list, [17]), seed).flat();
  return [...list];
}
