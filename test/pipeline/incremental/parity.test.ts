import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { IncrementalFold } from "../../../src/pipeline/incremental/incremental-fold.js";
import { type TestEvent, temporaryFolder, testWorld } from "../ingest-fixture.js";
import { simulatedEvents } from "../simulated-home.js";
import { batchColumns, coded, inBatch, incrementally } from "./both-ways.js";
import { MemoryStore } from "./memory-store.js";
import { checkParityLaw, cut, cutoffsOf, expectSame, turned } from "./parity-law.js";
import { SEEN_FIRST, SEEN_LATE } from "./taken-back.js";

const folder = temporaryFolder();
let homes = 0;
let log: TestEvent[];

beforeAll(async () => {
  log = await simulatedEvents(folder, { users: 40, seed: 11, days: 21 }, testWorld());
});

describe("THE PARITY LAW: any order and any batch size give what the batch gives, bit for bit", () => {
  test("parts of a log with shared session ids, gaps, repetitions and wild rows", async () => {
    expect(await checkParityLaw(log, { folder, numRuns: 20, way: incrementally })).toBeGreaterThan(0);
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
