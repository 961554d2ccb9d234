import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { asInstant, MS_PER_DAY, MS_PER_HOUR } from "../../src/base/time.js";
import { compact } from "../../src/pipeline/compact.js";
import { ingest } from "../../src/pipeline/ingest.js";
import { checkEvents } from "../../src/pipeline/live/check-events.js";
import { LiveEvents } from "../../src/pipeline/live/live-events.js";
import { takeLake } from "../../src/pipeline/live/take-lake.js";
import { loadEvents } from "../../src/pipeline/recover.js";
import { openLake } from "../../src/store/lake.js";
import type { LiveDb } from "../../src/store/live/live-db.js";
import { readManifest } from "../../src/store/manifest.js";
import { askedThrough } from "../store/live/asked-through.js";
import { BACKENDS, storeOfTests } from "../store/live/backends.js";
import { inBatch } from "./incremental/both-ways.js";
import { cut, cutoffsOf, expectSame, turned } from "./incremental/parity-law.js";
import { jsonLines, lakeRows, NOW_MS, type TestEvent, temporaryFolder, testWorld, writeLog } from "./ingest-fixture.js";
import { storedIn } from "./live/through-sql.js";
import { simulatedEvents } from "./simulated-home.js";

const folder = temporaryFolder();
const world = testWorld();
/** Events of the log in one run of the law. */
const PART = 200;
let log: TestEvent[];

beforeAll(async () => {
  log = await simulatedEvents(folder, { users: 14, seed: 11, days: 21 }, world, 1_500);
});

/** The database, which is lost at the n-th statement. */
function lostAt(db: LiveDb, statement: number): LiveDb {
  let left = statement;
  return askedThrough(db, async (sql, text, values) => {
    if (left-- <= 0) throw new Error("lost");
    return sql.query(text, values);
  });
}

const wild = fc.record({
  userId: fc.constantFrom("", "wild", "100001"),
  sessionId: fc.nat(2),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  itemInSession: fc.nat(3),
  page: fc.constantFrom("Home", "Login", "Weird A"),
  status: fc.constantFrom(0, null, 200),
  firstName: fc.constantFrom("", null, "Zoë"),
  song: fc.constantFrom("", null, "Jóga"),
  length: fc.constantFrom(null, 0, 123.45678),
});

/** With these the days of the others are closed, so that the first call already has something to lose. */
const LATER = Array.from({ length: 12 }, (_, i) => ({
  ...({ userId: "wild", sessionId: 1, page: "Home", status: 200, firstName: null, song: null, length: null } as const),
  ...{ at: 0.9 + 0.008 * i, itemInSession: i % 4 },
}));

for (const { name, isAbsent, place } of BACKENDS) {
  describe.skipIf(isAbsent)(`compaction of live events: ${name}`, () => {
    const store = storeOfTests(place);

    const emptied = async (): Promise<LiveEvents> => {
      await store.db.exec("TRUNCATE events, sessions, recovered_in, user_states, lake_files");
      return new LiveEvents(store.db, world);
    };
    const left = async () => (await store.db.query("SELECT 1 FROM events WHERE texts IS NOT NULL")).length;
    const ingested = async (events: readonly TestEvent[]) => {
      const home = mkdtempSync(join(folder, "batch-"));
      await ingest(home, [writeLog(folder, jsonLines(events))], {}, world);
      return home;
    };

    test("a lake made of live events is the one that ingest makes of them, wherever it is broken off", async () => {
      const [first, last] = [Number(log[0]?.ts), Number(log.at(-1)?.ts)];
      await fc.assert(
        fc.asyncProperty(
          fc.array(wild, { maxLength: 20 }),
          fc.integer({ min: 0, max: log.length - PART }),
          fc.array(fc.nat(8), { maxLength: 3 }),
          fc.integer({ min: 0, max: 1 }),
          async (more, from, breaks, old) => {
            const odd = more.map(({ at, ...rest }) => ({ ...rest, ts: Math.round(first + at * (last - first)) }));
            const events = [...log.slice(from, from + PART), ...odd];
            const keys = new Set<string>();
            // Of two with one key the first to come stays, wherever that is.
            const distinct = events.filter((e) => {
              const key = JSON.stringify([e.userId, e.sessionId, e.itemInSession, e.ts, e.page]);
              return !keys.has(key) && keys.add(key);
            });
            const live = await emptied();
            const home = mkdtempSync(join(folder, "live-"));
            if (old === 1) {
              await ingest(home, [writeLog(folder, jsonLines(distinct.slice(0, 100)))], {}, world);
              await takeLake(openLake(home), store.db, live, world);
            }
            const batches = cut(turned(distinct, "compact"), [70, 30]);
            for (const [i, batch] of batches.entries()) {
              await live.add(checkEvents(batch, NOW_MS).events);
              const lost = breaks[i];
              const graceMs = i * MS_PER_HOUR;
              if (lost !== undefined) await compact(home, lostAt(store.db, lost), { graceMs }, world).catch(() => {});
              else if (i % 2 === 0) await compact(home, store.db, { graceMs }, world);
            }
            const { before } = await compact(home, store.db, { before: asInstant(NOW_MS) }, world);
            expect(before).toBe(NOW_MS);
            expect(await left()).toBe(0);
            expect(await lakeRows(home)).toEqual(await lakeRows(await ingested(distinct)));
            const cutoffs = cutoffsOf(distinct, [0.5]);
            expectSame(
              await storedIn(store.db, cutoffs),
              inBatch(await loadEvents(home, { ...world, threads: 1 }), cutoffs),
            );
            await live.add([]);
            expect(await takeLake(openLake(home), store.db, live, world)).toBe(0);
          },
        ),
        { numRuns: name === "PGlite" ? 4 : 6, examples: [[LATER, 0, [2, 3, 4], 0]] },
      );
    });

    test("takes closed days only, each once, and leaves the events where late ones need them", async () => {
      const live = await emptied();
      const home = mkdtempSync(join(folder, "closed-"));
      expect(await compact(home, store.db, {}, world)).toEqual({ before: null, rows: 0, present: 0, files: [] });
      await live.add(checkEvents(log, NOW_MS).events);
      const last = Number(log.at(-1)?.ts);
      const { before, rows, files } = await compact(home, store.db, {}, world);
      expect(before).toBe(Math.floor((last - MS_PER_DAY) / MS_PER_DAY) * MS_PER_DAY);
      expect(rows).toBe(log.filter(({ ts }) => Number(ts) < Number(before)).length);
      expect(files).toEqual(readManifest(home).files.map(({ path }) => path));
      expect(await left()).toBe(log.length - rows);
      expect(await store.db.query("SELECT count(*) AS n FROM events")).toEqual([{ n: log.length }]);
      expect(await compact(home, store.db, {}, world)).toMatchObject({ rows: 0, files: [] });
      // It is known, and is not taken in again.
      const known = await store.db.query<{ path: string }>("SELECT path FROM lake_files ORDER BY path");
      expect(known.map(({ path }) => path)).toEqual([...files].sort());
      const late = { ...log[0], ts: Number(log[0]?.ts) + 1 };
      await live.add(checkEvents([late], NOW_MS).events);
      expect(await compact(home, store.db, {}, world)).toMatchObject({ rows: 1 });
      const cutoffs = cutoffsOf(log, [0.5]);
      const all = await ingested([...log, late]);
      expectSame(await storedIn(store.db, cutoffs), inBatch(await loadEvents(all, { ...world, threads: 1 }), cutoffs));
    });
  });
}
