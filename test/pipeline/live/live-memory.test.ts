import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { LiveEvents } from "../../../src/pipeline/live/live-events.js";
import { LiveMemory } from "../../../src/pipeline/live/live-memory.js";
import type { LiveDb } from "../../../src/store/live/live-db.js";
import { askedThrough } from "../../store/live/asked-through.js";
import { BACKENDS, storeOfTests } from "../../store/live/backends.js";
import { batchColumns, coded, type Folded, inBatch } from "../incremental/both-ways.js";
import { cut, cutoffsOf, expectSame } from "../incremental/parity-law.js";
import { event, type TestEvent, temporaryFolder, testWorld } from "../ingest-fixture.js";
import { simulatedEvents } from "../simulated-home.js";
import { storedIn } from "./through-sql.js";

const folder = temporaryFolder();
const world = testWorld();
let log: TestEvent[];
let batch: Folded;

beforeAll(async () => {
  log = await simulatedEvents(folder, { users: 12, seed: 9, days: 21 }, world, 1_200);
  batch = inBatch(await batchColumns(folder, join(folder, "batch"), log), cutoffsOf(log, [0.5]));
});

/** The database, but a transaction fails when it has come to a statement that holds `part`, once for each time in `times`. */
function failingAt(db: LiveDb, part: string, times: { left: number }): LiveDb {
  const failing = askedThrough(db, async (sql, text, values) => {
    if (!text.includes(part) || times.left === 0) return sql.query(text, values);
    times.left--;
    return sql.query("SELECT 1 / 0");
  });
  return {
    ...failing,
    transaction: (action, options) =>
      failing.transaction(async (sql) => {
        const result = await action(sql);
        if (part === "COMMIT" && times.left-- > 0) throw new Error("division by zero");
        return result;
      }, options),
  };
}

for (const { name, isAbsent, place } of BACKENDS) {
  describe.skipIf(isAbsent)(`what a process remembers of the store: ${name}`, () => {
    const store = storeOfTests(place);

    test.each(["INSERT INTO events", "UPDATE sessions", "UPDATE user_states", "COMMIT"])(
      "of a batch that fails at %s after its states were folded, nothing stays",
      async (part) => {
        const times = { left: 0 };
        const memory = new LiveMemory();
        const live = new LiveEvents(failingAt(store.db, part, times), world, memory);
        for (const [i, events] of cut(coded(log), [150]).entries()) {
          times.left = i % 2;
          if (times.left === 1) await expect(live.add(events)).rejects.toThrow("division by zero");
          expect(times.left).toBeLessThanOrEqual(0);
          times.left = 0;
          expect(await live.add(events)).toMatchObject({ duplicates: 0 });
        }
        expect(memory.now.users.bytes).toBeGreaterThan(0);
        expectSame(await storedIn(store.db, cutoffsOf(log, [0.5])), batch);
      },
    );

    test("is not used once another process has written the row", async () => {
      const processes = [
        new LiveEvents(store.db, world),
        new LiveEvents(store.db, world),
        new LiveEvents(store.db, world),
      ];
      for (const [i, events] of cut(coded(log), [40, 7]).entries()) await processes[(i * i) % 3]?.add(events);
      expectSame(await storedIn(store.db, cutoffsOf(log, [0.5])), batch);
    });

    test("made-up places do not make it grow, and what it forgets is read again", async () => {
      const places = log
        .slice(0, 400)
        .map((_, i) =>
          Array.from({ length: 12 }, (_, j) => event({ userId: `u${j}`, location: `Town, state ${i} of ${j}` })),
        );
      const events = places.flat();
      const memory = new LiveMemory();
      const live = new LiveEvents(store.db, world, memory);
      for (const part of cut(coded(events), [600])) await live.add(part);
      expect(memory.now.names.names.length).toBeLessThan(events.length);
      const cutoffs = cutoffsOf(events, [0.5]);
      expectSame(
        await storedIn(store.db, cutoffs),
        inBatch(await batchColumns(folder, join(folder, `${name}-places`), events), cutoffs),
      );
    });
  });
}
