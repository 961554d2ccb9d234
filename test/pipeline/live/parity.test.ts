import { join } from "node:path";
import { beforeAll, describe, test } from "vitest";
import { BACKENDS, storeOfTests } from "../../store/live/backends.js";
import { batchColumns, coded, inBatch } from "../incremental/both-ways.js";
import { checkParityLaw, cut, cutoffsOf, expectSame, turned } from "../incremental/parity-law.js";
import { SEEN_FIRST, SEEN_LATE } from "../incremental/taken-back.js";
import { type TestEvent, temporaryFolder, testWorld } from "../ingest-fixture.js";
import { simulatedEvents } from "../simulated-home.js";
import { throughSql } from "./through-sql.js";

const folder = temporaryFolder();
let log: TestEvent[];

beforeAll(async () => {
  log = await simulatedEvents(folder, { users: 24, seed: 11, days: 21 }, testWorld());
});

for (const { name, isAbsent, place } of BACKENDS) {
  describe.skipIf(isAbsent)(`live states and features equal those of a batch: ${name}`, () => {
    const store = storeOfTests(place);

    test("parts of a log in any order and any batch size", async () => {
      // In so few runs chance may leave recovery nothing to do; the tests below have it find owners, and give them up.
      await checkParityLaw(log, {
        folder,
        numRuns: 4,
        way: (batches, cutoffs) => throughSql(store.db, batches, cutoffs),
      });
    });

    test("a whole small log, as it came and shuffled", async () => {
      const cutoffs = cutoffsOf(log, [0.25, 0.75]);
      const batch = inBatch(await batchColumns(folder, join(folder, name), log), cutoffs);
      expectSame(await throughSql(store.db, cut(coded(log), [500]), cutoffs), batch);
      expectSame(await throughSql(store.db, cut(coded(turned(log, "parity")), [2_000, 900]), cutoffs), batch);
    });

    test("an owner found is given up when a late row tells another story", async () => {
      const all = [...SEEN_FIRST, ...SEEN_LATE];
      const cutoffs = cutoffsOf(all, [0.6]);
      const batch = inBatch(await batchColumns(folder, join(folder, `${name}-taken-back`), all), cutoffs);
      expectSame(await throughSql(store.db, [coded(SEEN_FIRST), coded(SEEN_LATE)], cutoffs), batch);
    });
  });
}
