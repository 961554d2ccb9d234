import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, test } from "vitest";
import type { LiveDb } from "../../../src/store/live/live-db.js";
import { openLiveDb } from "../../../src/store/live/open-live-db.js";
import { BACKENDS } from "../../store/live/backends.js";
import { batchColumns, coded, inBatch } from "../incremental/both-ways.js";
import { checkParityLaw, cut, cutoffsOf, expectSame, turned } from "../incremental/parity-law.js";
import { SEEN_FIRST, SEEN_LATE } from "../incremental/taken-back.js";
import { type TestEvent, temporaryFolder, testWorld } from "../ingest-fixture.js";
import { simulatedLog } from "../simulated-home.js";
import { throughSql } from "./through-sql.js";

const folder = temporaryFolder();
let log: TestEvent[];

beforeAll(async () => {
  const { log: path } = await simulatedLog(folder, { users: 24, seed: 11, days: 21 }, testWorld());
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  log = lines.map((line) => JSON.parse(line) as TestEvent);
});

for (const { name, isAbsent, place } of BACKENDS) {
  describe.skipIf(isAbsent)(`live states and features equal those of a batch: ${name}`, () => {
    let db: LiveDb;

    beforeAll(async () => {
      db = await openLiveDb(await place(), testWorld());
    });
    afterAll(() => db?.close());

    test("parts of a log in any order and any batch size", async () => {
      // In so few runs chance may leave recovery nothing to do; the tests below have it find owners, and give them up.
      await checkParityLaw(log, {
        folder,
        numRuns: 4,
        way: (batches, cutoffs) => throughSql(db, batches, cutoffs),
      });
    });

    test("a whole small log, as it came and shuffled", async () => {
      const cutoffs = cutoffsOf(log, [0.25, 0.75]);
      const batch = inBatch(await batchColumns(folder, join(folder, name), log), cutoffs);
      expectSame(await throughSql(db, cut(coded(log), [500]), cutoffs), batch);
      expectSame(await throughSql(db, cut(coded(turned(log, "parity")), [2_000, 900]), cutoffs), batch);
    });

    test("an owner found is given up when a late row tells another story", async () => {
      const all = [...SEEN_FIRST, ...SEEN_LATE];
      const cutoffs = cutoffsOf(all, [0.6]);
      const batch = inBatch(await batchColumns(folder, join(folder, `${name}-taken-back`), all), cutoffs);
      expectSame(await throughSql(db, [coded(SEEN_FIRST), coded(SEEN_LATE)], cutoffs), batch);
    });
  });
}
