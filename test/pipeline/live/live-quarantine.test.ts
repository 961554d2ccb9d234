import { describe, expect, test } from "vitest";
import { checkEvents } from "../../../src/pipeline/live/check-events.js";
import { LiveQuarantine } from "../../../src/pipeline/live/live-quarantine.js";
import { tombstoneOf, userText } from "../../../src/store/tombstones.js";
import { BACKENDS, storeOfTests } from "../../store/live/backends.js";
import { event, NOW_MS, testWorld } from "../ingest-fixture.js";

const world = testWorld();

for (const { name, isAbsent, place } of BACKENDS) {
  describe.skipIf(isAbsent)(`live events that were not taken: ${name}`, () => {
    const store = storeOfTests(place);

    const kept = async (quarantine: LiveQuarantine, items: readonly unknown[]) => {
      quarantine.keep(items, checkEvents(items, NOW_MS).rejected);
      await quarantine.close();
      return quarantine.page({ before: null, limit: 100 });
    };

    test("are kept with the fields of an event and nothing else, newest first, page by page", async () => {
      const quarantine = new LiveQuarantine(store.db, world);
      const nasty = { ...event({ userId: 7, ts: "soon", song: "a\0b" }), password: "hunter2", __proto__: null };
      const rows = await kept(quarantine, [event(), nasty, "hunter2", event({ ts: -1, artist: "x".repeat(9_000) })]);
      expect(rows.map(({ code, userId, event: one }) => [code, userId, one === null])).toEqual([
        ["TS_NEGATIVE", "7", true],
        ["NOT_AN_OBJECT", null, true],
        ["BAD_TS", "7", false],
      ]);
      expect(rows[2]?.event).toMatchObject({ userId: 7, ts: "soon", song: "a\0b" });
      expect(JSON.stringify(rows)).not.toContain("hunter2");
      const [first] = await quarantine.page({ before: null, limit: 1 });
      expect(first).toEqual(rows[0]);
      expect(await quarantine.page({ before: first?.id ?? 0, limit: 5 })).toEqual(rows.slice(1));
    });

    test("make room for later ones, and are counted", async () => {
      const quarantine = new LiveQuarantine(store.db, world, 10);
      const bad = (from: number, count: number) =>
        Array.from({ length: count }, (_, i) => event({ ts: -1 - from - i }));
      await kept(quarantine, bad(0, 7));
      const rows = await kept(quarantine, bad(7, 7));
      expect(rows.map(({ event: one }) => one?.ts)).toEqual([-14, -13, -12, -11, -10, -9, -8, -7, -6, -5]);
      expect(await quarantine.dropped()).toBe(4);
      await kept(quarantine, bad(14, 1_500));
      expect(await quarantine.dropped()).toBe(4 + 1_500);
    });

    test("leave when they are taken at another try, mended or not, and stay otherwise", async () => {
      const quarantine = new LiveQuarantine(store.db, world);
      const rows = await kept(quarantine, [event({ ts: NOW_MS + 2 * 86_400_000 }), event({ page: "" }), 7]);
      const [number, page, future] = rows.map(({ id }) => id) as [number, number, number];
      const at = (nowMs: number) => async (item: unknown) => checkEvents([item], nowMs);
      expect((await quarantine.retry(future, undefined, at(NOW_MS + 86_400_000))).events).toHaveLength(1);
      expect((await quarantine.retry(page, undefined, at(NOW_MS))).rejected).toMatchObject([{ code: "BAD_PAGE" }]);
      await expect(quarantine.retry(number, undefined, at(NOW_MS))).rejects.toMatchObject({
        code: "QUARANTINE_PARTIAL",
      });
      expect((await quarantine.retry(page, event(), at(NOW_MS))).rejected).toEqual([]);
      await expect(quarantine.retry(page, undefined, at(NOW_MS))).rejects.toMatchObject({ code: "QUARANTINE_UNKNOWN" });
      expect((await quarantine.page({ before: null, limit: 9 })).map(({ id }) => id)).toEqual([number]);
    });

    test("are not kept of who was erased", async () => {
      await store.db.query("INSERT INTO erasure_salts VALUES ('salt')");
      await store.db.query("INSERT INTO tombstones VALUES ($1, 0)", [tombstoneOf("salt", userText("7"))]);
      const rows = await kept(new LiveQuarantine(store.db, world), [event({ ts: -1 }), event({ ts: -1, userId: "8" })]);
      expect(rows.map(({ userId }) => userId)).toEqual(["8"]);
    });
  });
}
