import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { assert } from "../../../src/base/assert.js";
import { asInstant } from "../../../src/base/time.js";
import { LiveEvents } from "../../../src/pipeline/live/live-events.js";
import type { LiveDb } from "../../../src/store/live/live-db.js";
import { rowText, tombstoneOf, userText } from "../../../src/store/tombstones.js";
import { askedThrough } from "../../store/live/asked-through.js";
import { BACKENDS, storeOfTests } from "../../store/live/backends.js";
import { batchColumns, coded, inBatch } from "../incremental/both-ways.js";
import { cut, cutoffsOf, expectSame, turned } from "../incremental/parity-law.js";
import { event, NOW_MS, type TestEvent, temporaryFolder, testWorld } from "../ingest-fixture.js";
import { simulatedEvents } from "../simulated-home.js";
import { storedIn } from "./through-sql.js";

const folder = temporaryFolder();
const world = testWorld();
const TABLES = ["events", "sessions", "recovered_in", "user_states"];
let log: TestEvent[];

beforeAll(async () => {
  log = await simulatedEvents(folder, { users: 20, seed: 3, days: 21 }, world, 3_000);
});

/** The database, but statements that hold `part` fail. */
function failingAt(db: LiveDb, part: string): LiveDb {
  return askedThrough(db, (sql, text, values) =>
    text.includes(part) ? sql.query("SELECT 1 / 0") : sql.query(text, values),
  );
}

for (const { name, isAbsent, place } of BACKENDS) {
  describe.skipIf(isAbsent)(`live events: ${name}`, () => {
    const store = storeOfTests(place);

    const counts = async () => {
      const rows = await Promise.all(
        TABLES.map((table) => store.db.query<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)),
      );
      return rows.map(([row]) => row?.n);
    };

    test.each(["INSERT INTO events", "UPDATE sessions", "INSERT INTO recovered_in", "UPDATE user_states"])(
      "an error at %s leaves nothing of the batch, and the next one goes on",
      async (part) => {
        const batch = coded(log.slice(0, 800));
        await expect(new LiveEvents(failingAt(store.db, part), world).add(batch)).rejects.toThrow("division by zero");
        expect(await counts()).toEqual([0, 0, 0, 0]);
        const live = new LiveEvents(store.db, world);
        expect(await live.add(batch)).toMatchObject({ accepted: 800, duplicates: 0 });
      },
    );

    test("what comes again changes nothing; when it came is kept", async () => {
      const live = new LiveEvents(store.db, world);
      const batch = coded([event({ userId: "ada" }), event({ userId: "", auth: "Guest" })]);
      expect(await live.add([...batch, ...batch])).toMatchObject({ accepted: 2, duplicates: 2, users: ["ada"] });
      const before = await counts();
      expect(await live.add(batch)).toMatchObject({ accepted: 0, duplicates: 2, users: [] });
      expect(await live.add([])).toMatchObject({ accepted: 0, duplicates: 0, users: [] });
      expect(await counts()).toEqual(before);
      expect(await store.db.query("SELECT DISTINCT received_at_ms AS at FROM events")).toEqual([{ at: NOW_MS }]);
      expect(await live.featuresAt("nobody", asInstant(NOW_MS))).toBeNull();
      expect(await live.featuresAt("ada", asInstant(0))).toBeNull();
    });

    test("nothing of who was erased is taken, nor of rows that were recovered for him; all else is", async () => {
      const salt = "salt";
      const guest = { userId: "", auth: "Logged Out", sessionId: 9, itemInSession: 3, ts: NOW_MS - 5, page: "Help" };
      const key = { sessionId: 9, item: 3, tsMs: NOW_MS - 5, page: "Help" };
      await store.db.query("INSERT INTO erasure_salts VALUES ($1)", [salt]);
      for (const text of [userText("Zoë"), rowText(key)]) {
        await store.db.query("INSERT INTO tombstones VALUES ($1, 0)", [tombstoneOf(salt, text)]);
      }
      const live = new LiveEvents(store.db, world);
      const other = { ...guest, itemInSession: 4 };
      const batch = coded([event({ userId: "Zoë" }), event({ userId: "ada" }), event(guest), event(other)]);
      const added = await live.add(batch);
      expect(added).toMatchObject({ accepted: 2, erased: new Set(["Zoë"]) });
      expect(await store.db.query("SELECT user_id, item FROM events ORDER BY 1")).toMatchObject([
        { user_id: "", item: 4 },
        { user_id: "ada", item: 0 },
      ]);
      expect(await store.db.query("SELECT user_id FROM user_states")).toEqual([{ user_id: "ada" }]);
    });

    test("batches committed together are told each of its own events: new, known and of who was erased", async () => {
      await store.db.query("INSERT INTO erasure_salts VALUES ('salt')");
      await store.db.query("INSERT INTO tombstones VALUES ($1, 0)", [tombstoneOf("salt", userText("gone"))]);
      const live = new LiveEvents(store.db, world);
      const [a, b, c, gone] = coded(["ada", "bob", "cyd", "gone"].map((userId) => event({ userId })));
      assert(a !== undefined && b !== undefined && c !== undefined && gone !== undefined, "four events");
      // The first two fill all turns: what comes then is one group.
      const busy = coded([event({ userId: "x" }), event({ userId: "y" })]).map((one) => live.add([one]));
      const told = await Promise.all([live.add([gone, a]), live.add([b, a, gone]), live.add([c, c]), live.add([])]);
      await Promise.all(busy);
      const counts = told.map(({ accepted, duplicates }) => [accepted, duplicates]);
      expect(counts).toEqual([
        [1, 0],
        [1, 1],
        [1, 1],
        [0, 0],
      ]);
      expect(await store.db.query("SELECT user_id FROM events ORDER BY 1")).toMatchObject(
        ["ada", "bob", "cyd", "x", "y"].map((user_id) => ({ user_id })),
      );
    });

    test("sessions of one user added at once end where one batch ends", async () => {
      const live = new LiveEvents(store.db, world);
      const events = Array.from({ length: 40 }, () => event({ userId: "ada", page: "NextSong", song: "one" }));
      await Promise.all(coded(events).map((one) => live.add([one])));
      const cutoffs = cutoffsOf(events, [0.5]);
      const batch = inBatch(await batchColumns(folder, join(folder, `${name}-ada`), events), cutoffs);
      expectSame(await storedIn(store.db, cutoffs), batch);
    });

    test("batches added at once, some of them twice, by two openers where there can be two, end where one batch ends", async () => {
      const first = new LiveEvents(store.db, world);
      const other = "url" in store.place ? await LiveEvents.open(store.place, world) : first;
      const batches = turned(cut(coded(log), [60, 100]), name);
      const doubled = [...batches, ...batches.filter((_, i) => i % 3 === 0)];
      const added = await Promise.all(doubled.map((batch, i) => (i % 2 === 0 ? first : other).add(batch)));
      expect(added.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(log.length);
      if (other !== first) await other.close();
      const cutoffs = cutoffsOf(log, [0.5]);
      const batch = inBatch(await batchColumns(folder, join(folder, name), log), cutoffs);
      expectSame(await storedIn(store.db, cutoffs), batch);
    });
  });
}
