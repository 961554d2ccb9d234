import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { LiveEvents } from "../../../src/pipeline/live/live-events.js";
import { LiveMemory } from "../../../src/pipeline/live/live-memory.js";
import type { LiveDb, LiveSql } from "../../../src/store/live/live-db.js";
import { openLiveDb } from "../../../src/store/live/open-live-db.js";
import { BACKENDS } from "../../store/live/backends.js";
import { batchColumns, coded, type Folded, inBatch } from "../incremental/both-ways.js";
import { cut, cutoffsOf, expectSame } from "../incremental/parity-law.js";
import { event, type TestEvent, temporaryFolder, testWorld } from "../ingest-fixture.js";
import { simulatedLog } from "../simulated-home.js";
import { storedIn } from "./through-sql.js";

const folder = temporaryFolder();
const world = testWorld();
let log: TestEvent[];
let batch: Folded;

beforeAll(async () => {
  const { log: path } = await simulatedLog(folder, { users: 12, seed: 9, days: 21 }, world);
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  log = lines.slice(0, 1_200).map((line) => JSON.parse(line) as TestEvent);
  batch = inBatch(await batchColumns(folder, join(folder, "batch"), log), cutoffsOf(log, [0.5]));
});

/** The database, but a transaction fails when it has come to a statement that holds `part`, once for each time in `times`. */
function failingAt(db: LiveDb, part: string, times: { left: number }): LiveDb {
  const failing = (sql: LiveSql): LiveSql => ({
    exec: (script) => sql.exec(script),
    query: async (text, values) => {
      if (!text.includes(part) || times.left === 0) return sql.query(text, values);
      times.left--;
      return sql.query("SELECT 1 / 0");
    },
  });
  return {
    ...failing(db),
    transaction: (action, options) =>
      db.transaction(async (sql) => {
        const result = await action(failing(sql));
        if (part === "COMMIT" && times.left-- > 0) throw new Error("division by zero");
        return result;
      }, options),
    snapshot: (action) => db.snapshot(action),
    reclaim: () => db.reclaim(),
    close: () => db.close(),
  };
}

for (const { name, isAbsent, place } of BACKENDS) {
  describe.skipIf(isAbsent)(`what a process remembers of the store: ${name}`, () => {
    let db: LiveDb;

    beforeEach(async () => {
      db = await openLiveDb(await place(), world);
    });
    afterEach(() => db.close());

    test.each(["INSERT INTO events", "UPDATE sessions", "UPDATE user_states", "COMMIT"])(
      "of a batch that fails at %s after its states were folded, nothing stays",
      async (part) => {
        const times = { left: 0 };
        const memory = new LiveMemory();
        const live = new LiveEvents(failingAt(db, part, times), world, memory);
        for (const [i, events] of cut(coded(log), [150]).entries()) {
          times.left = i % 2;
          if (times.left === 1) await expect(live.add(events)).rejects.toThrow("division by zero");
          expect(times.left).toBeLessThanOrEqual(0);
          times.left = 0;
          expect(await live.add(events)).toMatchObject({ duplicates: 0 });
        }
        expect(memory.now.users.bytes).toBeGreaterThan(0);
        expectSame(await storedIn(db, cutoffsOf(log, [0.5])), batch);
      },
    );

    test("is not used once another process has written the row", async () => {
      const processes = [new LiveEvents(db, world), new LiveEvents(db, world), new LiveEvents(db, world)];
      for (const [i, events] of cut(coded(log), [40, 7]).entries()) await processes[(i * i) % 3]?.add(events);
      expectSame(await storedIn(db, cutoffsOf(log, [0.5])), batch);
    });

    test("made-up places do not make it grow, and what it forgets is read again", async () => {
      const places = log
        .slice(0, 400)
        .map((_, i) =>
          Array.from({ length: 12 }, (_, j) => event({ userId: `u${j}`, location: `Town, state ${i} of ${j}` })),
        );
      const events = places.flat();
      const memory = new LiveMemory();
      const live = new LiveEvents(db, world, memory);
      for (const part of cut(coded(events), [600])) await live.add(part);
      expect(memory.now.names.names.length).toBeLessThan(events.length);
      const cutoffs = cutoffsOf(events, [0.5]);
      expectSame(
        await storedIn(db, cutoffs),
        inBatch(await batchColumns(folder, join(folder, `${name}-places`), events), cutoffs),
      );
    });
  });
}
