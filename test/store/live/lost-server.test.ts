import { beforeEach, describe, expect, test } from "vitest";
import { NEEDS_POSTGRES } from "../../../harness/postgres-server.js";
import { openLiveDb } from "../../../src/store/live/open-live-db.js";
import { testWorld } from "../../pipeline/ingest-fixture.js";
import { ownPostgres } from "./own-postgres.js";

const QUICK = { connections: 4, connectMs: 1_000 };

describe.skipIf(NEEDS_POSTGRES)("PostgreSQL that goes away", () => {
  const server = ownPostgres();
  // Also where a test failed with the server down.
  beforeEach(() => server.start());

  test("is told in one way, and found again when it is back, with all that was committed", async () => {
    const db = await openLiveDb({ url: await server.createDatabase(), ...QUICK }, testWorld());
    try {
      await db.exec("CREATE TABLE kept (value int8)");
      await db.query("INSERT INTO kept VALUES (1)");
      const unavailable = { code: "STORE_UNAVAILABLE", exit: 6, status: 503 };
      const during = db.transaction(async (sql) => {
        await sql.query("INSERT INTO kept VALUES (2)");
        await server.crash();
        await sql.query("INSERT INTO kept VALUES (3)");
      });
      await expect(during).rejects.toMatchObject(unavailable);
      await expect(db.query("SELECT 1")).rejects.toMatchObject(unavailable);
      await expect(db.transaction((sql) => sql.exec("SELECT 1"))).rejects.toMatchObject(unavailable);
      await server.start();
      expect(await db.query("SELECT value FROM kept")).toEqual([{ value: 1 }]);
    } finally {
      await db.close();
    }
  });

  test("nobody there at all", async () => {
    const nowhere = openLiveDb({ url: "postgres://refrain@127.0.0.1:9/none", ...QUICK }, testWorld());
    await expect(nowhere).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  });

  test("no such database or user, a user who may not create tables, an address that is none", async () => {
    const url = new URL(await server.createDatabase());
    const db = await openLiveDb({ url: url.href, ...QUICK }, testWorld());
    await db.exec("CREATE ROLE guest LOGIN");
    await db.close();
    const changed = (change: Partial<URL>) => Object.assign(new URL(url), change).href;
    const urls = {
      "does not exist": changed({ pathname: "/nowhere" }),
      'role "nobody" does not exist': changed({ username: "nobody" }),
      "permission denied": changed({ username: "guest" }),
      "Invalid URL": "postgres://refrain@127.0.0.1:port/none",
    };
    for (const [reason, wrong] of Object.entries(urls)) {
      const opening = openLiveDb({ url: wrong, ...QUICK }, testWorld());
      await expect(opening).rejects.toMatchObject({
        code: "STORE_UNAVAILABLE",
        message: expect.stringContaining(reason),
      });
    }
  });

  test("a statement that takes too long is given up, and the connection goes on", async () => {
    const db = await openLiveDb({ url: await server.createDatabase(), statementMs: 300 }, testWorld());
    try {
      await expect(db.query("SELECT pg_sleep(10)")).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
      expect(await db.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
    } finally {
      await db.close();
    }
  });
});
