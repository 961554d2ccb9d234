import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { arrayText, joinedJson, jsonTexts } from "../../../src/store/live/array-text.js";
import type { LiveDb } from "../../../src/store/live/live-db.js";
import { openLiveDb } from "../../../src/store/live/open-live-db.js";
import { packBytes } from "../../../src/store/live/pack-bytes.js";
import { temporaryFolder, testWorld } from "../../pipeline/ingest-fixture.js";
import { BACKENDS } from "./backends.js";

const storable = fc.string({ unit: "binary" }).filter((text) => !text.includes("\0"));

const folder = temporaryFolder();

for (const { name, isAbsent, place } of BACKENDS) {
  describe.skipIf(isAbsent)(`a live database: ${name}`, () => {
    let db: LiveDb;

    beforeAll(async () => {
      db = await openLiveDb(await place(folder), testWorld());
      await db.exec("CREATE TABLE kept (value int8)");
    });
    afterAll(() => db?.close());

    const kept = async () => (await db.query<{ value: number }>("SELECT value FROM kept")).map(({ value }) => value);

    test("whole numbers, fractions, bytes and texts come back as they went", async () => {
      const bytes = new Uint8Array([0, 1, 92, 255]);
      const [row] = await db.query(
        "SELECT $1::int8 AS a, $2::int8 AS b, $3::float8 AS c, $4::bytea AS d, $5::text AS e",
        [Number.MAX_SAFE_INTEGER, -1, 0.1 + 0.2, bytes, "Ünï \\ '\""],
      );
      expect(row).toEqual({ a: Number.MAX_SAFE_INTEGER, b: -1, c: 0.1 + 0.2, d: bytes, e: "Ünï \\ '\"" });
      expect((row as { d: unknown }).d).toBeInstanceOf(Uint8Array);
    });

    test("arrays of any texts and numbers come back element by element", async () => {
      const pairs = fc.array(fc.tuple(storable, fc.option(fc.maxSafeInteger())));
      await fc.assert(
        fc.asyncProperty(pairs, async (rows) => {
          const back = await db.query<{ a: string; b: number | null }>(
            "SELECT * FROM unnest($1::text[], $2::int8[]) AS t(a, b)",
            [arrayText(rows.map(([a]) => a)), arrayText(rows.map(([, b]) => b))],
          );
          expect(back.map(({ a, b }) => [a, b])).toEqual(rows);
        }),
        { numRuns: 50 },
      );
    });

    test("JSON texts travel as one, whatever is in them, and null", async () => {
      const texts = fc.array(fc.option(fc.json({ stringUnit: "binary" }).filter((json) => !json.includes("\\u0000"))));
      await fc.assert(
        fc.asyncProperty(texts, async (texts) => {
          const back = await db.query<{ json: string | null }>(
            `SELECT json FROM unnest(${jsonTexts("$1")}, $2::int4[]) AS t(json, i) ORDER BY i`,
            [joinedJson(texts), arrayText(texts.map((_, i) => i))],
          );
          expect(back.map(({ json }) => json)).toEqual(texts);
        }),
        { numRuns: 50 },
      );
    });

    test("many byte strings travel as one", async () => {
      const parts = [new Uint8Array([1, 2]), new Uint8Array(0), new Uint8Array(5_000).fill(7)];
      const { bytes, from, length } = packBytes(parts);
      const back = await db.query<{ part: Uint8Array }>(
        "SELECT substring($1::bytea FROM f FOR l) AS part FROM unnest($2::int4[], $3::int4[]) AS t(f, l)",
        [bytes, arrayText(from), arrayText(length)],
      );
      expect(back.map(({ part }) => part)).toEqual(parts);
    });

    test("a transaction that throws leaves nothing, nor does one that goes on after a failed statement", async () => {
      const thrown = db.transaction(async (sql) => {
        await sql.query("INSERT INTO kept VALUES (1)");
        throw new Error("changed my mind");
      });
      await expect(thrown).rejects.toThrow("changed my mind");
      const swallowed = db.transaction(async (sql) => {
        await sql.query("INSERT INTO kept VALUES (2)");
        await sql.query("SELECT 1 / 0").catch(() => {});
      });
      await expect(swallowed).rejects.toThrow("division by zero");
      expect(await kept()).toEqual([]);
      await db.transaction((sql) => sql.query("INSERT INTO kept VALUES (3)"));
      expect(await kept()).toEqual([3]);
    });

    test("a snapshot sees one moment, and writes nothing", async () => {
      const counts = await db.snapshot(async (sql) => {
        const count = async () => (await sql.query<{ n: number }>("SELECT count(*) AS n FROM kept"))[0]?.n;
        const before = await count();
        // On PGlite it waits for its turn.
        const other = db.query("INSERT INTO kept VALUES (4)");
        if (name === "PostgreSQL") await other;
        return [before, await count()];
      });
      expect(counts[0]).toBe(counts[1]);
      await expect(db.snapshot((sql) => sql.query("INSERT INTO kept VALUES (5)"))).rejects.toThrow("read-only");
    });

    test("rows written over again and again do not take ever more room", async () => {
      await db.exec("CREATE TABLE written (id int4 PRIMARY KEY, bytes bytea)");
      await db.exec("INSERT INTO written SELECT id, '' FROM generate_series(1, 200) AS id");
      const writeOver = async () => {
        await db.query("UPDATE written SET bytes = $1::bytea", [crypto.getRandomValues(new Uint8Array(6_000))]);
        // PostgreSQL gets there by itself, in its own time.
        if (name === "PGlite") await db.reclaim();
        else await db.exec("VACUUM written");
        const [row] = await db.query<{ size: number }>("SELECT pg_total_relation_size('written') AS size");
        return row?.size ?? 0;
      };
      for (let i = 0; i < 3; i++) await writeOver();
      const before = await writeOver();
      for (let i = 0; i < 5; i++) expect(await writeOver()).toBeLessThan(1.2 * before);
      await expect(db.reclaim()).resolves.toBeUndefined();
    });

    test("transactions begun at once all count", async () => {
      await db.exec("DELETE FROM kept; INSERT INTO kept VALUES (0)");
      const add = () =>
        db.transaction(async (sql) => {
          const [row] = await sql.query<{ value: number }>("SELECT value FROM kept FOR UPDATE");
          await sql.query("UPDATE kept SET value = $1", [(row?.value ?? 0) + 1]);
        });
      await Promise.all(Array.from({ length: 20 }, add));
      expect(await kept()).toEqual([20]);
    });
  });
}
