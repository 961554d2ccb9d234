import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LiveDb } from "../../../src/store/live/live-db.js";
import { migrate } from "../../../src/store/live/migrate.js";
import { MIGRATIONS } from "../../../src/store/live/migrations/all.js";
import { type LiveDbPlace, openLiveDb } from "../../../src/store/live/open-live-db.js";
import { NOW_MS, temporaryFolder, testWorld } from "../../pipeline/ingest-fixture.js";
import { BACKENDS } from "./backends.js";

const folder = temporaryFolder();
const world = testWorld();
const GOOD = { name: "good", sql: "CREATE TABLE good (id int4)" };
const BAD = { name: "bad", sql: "CREATE TABLE bad (id int4); SELECT 1 / 0" };

for (const { name, isAbsent, place } of BACKENDS) {
  describe.skipIf(isAbsent)(`migrations: ${name}`, () => {
    let where: LiveDbPlace;
    let db: LiveDb;

    beforeEach(async () => {
      where = await place(folder);
      db = await openLiveDb(where, world);
    });
    afterEach(() => db.close());

    const made = () => db.query("SELECT version, name, made_at_ms AS at FROM migrations ORDER BY version");
    const all = MIGRATIONS.map((migration, i) => ({ version: i + 1, name: migration.name, at: NOW_MS }));

    test("each is made once, however often and from however many it is asked for", async () => {
      expect(await made()).toEqual(all);
      const more = [...MIGRATIONS, GOOD];
      await Promise.all([migrate(db, world, more), migrate(db, world, more), migrate(db, world, more)]);
      await migrate(db, world, more);
      expect(await made()).toEqual([...all, { version: all.length + 1, name: "good", at: NOW_MS }]);
    });

    test("one that fails leaves nothing, and those before it stay", async () => {
      await expect(migrate(db, world, [...MIGRATIONS, GOOD, BAD])).rejects.toThrow("division by zero");
      expect(await made()).toHaveLength(all.length + 1);
      expect(await db.query("SELECT to_regclass('good') AS good, to_regclass('bad') AS bad")).toMatchObject([
        { good: "good", bad: null },
      ]);
    });

    test("a database that a newer version has migrated is refused", async () => {
      await migrate(db, world, [...MIGRATIONS, GOOD]);
      await db.close();
      await expect(openLiveDb(where, world)).rejects.toMatchObject({
        code: "STORE_NEWER",
        details: { version: all.length + 1, known: all.length },
      });
      db = await openLiveDb(await place(folder), world);
    });
  });
}

test.skipIf(BACKENDS[1]?.isAbsent)("two openers of one empty PostgreSQL at once both find it migrated", async () => {
  const where = await (BACKENDS[1] as (typeof BACKENDS)[number]).place(folder);
  const opened = await Promise.all([1, 2, 3, 4].map(() => openLiveDb(where, world)));
  for (const one of opened) expect(await one.query("SELECT 1 AS one FROM migrations")).toHaveLength(MIGRATIONS.length);
  await Promise.all(opened.map((one) => one.close()));
});
