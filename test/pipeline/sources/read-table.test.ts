import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NEEDS_POSTGRES } from "../../../harness/postgres-server.js";
import { LakeSink } from "../../../src/pipeline/sources/lake-sink.js";
import { readTable } from "../../../src/pipeline/sources/read-table.js";
import { runWide } from "../../run-wide/ask.js";
import { lakeRows, temporaryFolder, testWorld } from "../ingest-fixture.js";

const folder = temporaryFolder();
const world = testWorld();
const T = Date.parse("2018-10-01T00:00:00Z");
/** A name that would say something else if it were not quoted. */
const TABLE = 'app.e"vents; DROP TABLE x';
const QUOTED = 'app."e""vents; DROP TABLE x"';

describe.skipIf(NEEDS_POSTGRES)("a table of PostgreSQL", () => {
  let url: string;
  let client: pg.Client;

  beforeAll(async () => {
    url = await runWide("new database");
    client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(`CREATE SCHEMA app; CREATE TABLE ${QUOTED} (
      "at time" timestamptz, uid float8, "sessionId" int8, "itemInSession" int4, page text, length float8, level text, extra jsonb)`);
  });
  afterAll(() => client?.end());

  const map = { ts: "at time", userId: "uid" };
  const insert = (from: number, to: number) =>
    client.query(
      `INSERT INTO ${QUOTED} SELECT to_timestamp(($1::int8 + i * 1000) / 1000.0), CASE WHEN i % 5 > 0 THEN i % 7 END, i % 11, i,
         CASE WHEN i % 2 = 0 THEN 'NextSong' ELSE 'Home' END, CASE WHEN i % 3 = 0 THEN 'NaN' ELSE 200.5 END, 'paid', '{}'
       FROM generate_series($2::int8, $3::int8) AS i`,
      [T, from, to],
    );
  const read = (home: string, sinceMs: number | null = null, world_ = world) =>
    readTable(home, { url, table: TABLE, map, sinceMs }, new LakeSink(home, {}, world_), world_);

  it("is read in order, with its columns under our names, and goes on where it was", async () => {
    const home = join(folder, "home");
    await insert(0, 11_999);
    expect(await read(home)).toEqual({ lines: 12_000, accepted: 12_000, duplicates: 0, quarantined: 0, reasons: {} });
    const first = JSON.parse((await lakeRows(home)).find((row) => row.includes(`"ts":${T + 1000},`)) ?? "{}");
    expect(first).toMatchObject({ ts: T + 1000, user_id: "1", session_id: 1, item: 1, page: "Home", level: "paid" });
    // The last moment once more, and a row that came for it later.
    await client.query(`INSERT INTO ${QUOTED} ("at time", uid, "sessionId", "itemInSession", page)
      SELECT max("at time"), 3, 99, 1, 'Late' FROM ${QUOTED}`);
    await insert(12_000, 12_009);
    expect(await read(home)).toMatchObject({ lines: 12, accepted: 11, duplicates: 1 });
    expect(await read(home, T + 12_005_000)).toMatchObject({ lines: 5, accepted: 0, duplicates: 5 });
  });

  it("says of rows that are no events why, and of a table that is none too", async () => {
    const home = join(folder, "bad");
    await client.query(`CREATE TABLE bad (ts int8, "sessionId" int8, "itemInSession" int4, page text)`);
    await client.query(
      "INSERT INTO bad VALUES (1538352000000, 1, 1, 'Home'), (NULL, 1, 1, 'Home'), (1538352000, 1, 2, 'Home')",
    );
    const sink = new LakeSink(home, {}, world);
    const counts = await readTable(home, { url, table: "bad", map: {}, sinceMs: null }, sink, world);
    expect(counts).toMatchObject({ lines: 3, accepted: 1, reasons: { TS_IN_SECONDS: 1, MISSING_TS: 1 } });
    const reading = (table: string, given: object = {}) =>
      readTable(home, { url, table, map: {}, sinceMs: null, ...given }, sink, world);
    await expect(reading("nowhere")).rejects.toMatchObject({ code: "SOURCE_UNREADABLE" });
    await expect(reading("bad", { map: { page: "pages" } })).rejects.toMatchObject({ code: "COLUMNS_WRONG" });
    await expect(reading("bad", { map: { ts: "page" } })).rejects.toMatchObject({ code: "VALUE_BAD" });
    const nobody = reading("bad", { url: "postgres://me:secret@127.0.0.1:9/none" });
    await expect(nobody).rejects.toMatchObject({
      code: "SOURCE_UNREADABLE",
      message: expect.not.stringContaining("secret"),
    });
  });

  it("may have its time as a timestamp without a zone, which is UTC", async () => {
    const home = join(folder, "plain");
    await client.query(`CREATE TABLE plain (ts timestamp, "sessionId" int8, "itemInSession" int4, page text)`);
    await client.query(
      "INSERT INTO plain SELECT timestamp '2018-10-01' + i * interval '1 hour', 1, i, 'Home' FROM generate_series(0, 9) i",
    );
    const sink = new LakeSink(home, {}, world);
    const since = (sinceMs: number | null) => readTable(home, { url, table: "plain", map: {}, sinceMs }, sink, world);
    expect(await since(T + 7 * 3_600_000)).toMatchObject({ lines: 3, accepted: 3 });
    expect(await since(T)).toMatchObject({ lines: 10, accepted: 7, duplicates: 3 });
  });
});
