import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { low52 } from "../../src/base/hash.js";
import { ingest } from "../../src/pipeline/ingest.js";
import { LEVEL, pageCode } from "../../src/schema/pages.js";
import { type KeyedAttributions, writeAttributions } from "../../src/store/attributions.js";
import { STATE_SQL } from "../../src/store/code-sql.js";
import { homePaths } from "../../src/store/home-paths.js";
import { attributionsAreCurrent, lakeSummary, openLake } from "../../src/store/lake.js";
import { writeManifest } from "../../src/store/manifest.js";
import { readEventColumns } from "../../src/store/read-event-columns.js";
import { readSessionRows } from "../../src/store/read-session-rows.js";
import { event, jsonLines, query, temporaryFolder, testWorld, writeLog } from "../pipeline/ingest-fixture.js";

const folder = temporaryFolder();
const T = 1_538_352_000_000;
let number = 0;

async function lakeOf(events: readonly object[]): Promise<string> {
  const home = join(folder, `home${number++}`);
  await ingest(home, [writeLog(folder, jsonLines(events))], {}, testWorld());
  return home;
}

function attributions(
  rows: { session: number; item: number; ts: number; page: string; user: string; known: number }[],
): KeyedAttributions {
  return {
    sessionId: Float64Array.from(rows, (row) => row.session),
    item: Int32Array.from(rows, (row) => row.item),
    tsMs: Float64Array.from(rows, (row) => row.ts),
    page: Uint8Array.from(rows, (row) => pageCode(row.page)),
    userId: rows.map((row) => row.user),
    confidence: Float64Array.from(rows, () => 1),
    knownAtMs: Float64Array.from(rows, (row) => row.known),
  };
}

describe("readEventColumns", () => {
  it("gives every field in its code, and says what is unknown", async () => {
    const home = await lakeOf([
      event({
        ts: T,
        sessionId: 5,
        itemInSession: 2,
        userId: 9,
        page: "NextSong",
        level: "paid",
        status: 307,
        length: 183.19628,
        artist: "Björk",
        song: "Jóga",
        gender: "M",
        registration: 1_540_919_166_796.4,
        location: "New York, Newark, NY-NJ",
      }),
      { ts: T + 1, sessionId: 5, itemInSession: 3, userId: 9, page: "Karaoke" },
    ]);
    const columns = await readEventColumns(openLake(home), testWorld());
    expect(columns.users).toEqual(["9"]);
    expect([...columns.userStart]).toEqual([0, 2]);
    expect(columns.states).toEqual(["", "Newark, NY-NJ"]);
    expect(columns.simulated).toBe(false);
    const plain = Object.fromEntries(
      Object.entries(columns)
        .filter(([name]) => !["users", "userStart", "states", "simulated"].includes(name))
        .map(([name, values]) => [name, [...values]]),
    );
    expect(plain).toEqual({
      knownAtMs: [T, T + 1],
      tsMs: [T, T + 1],
      sessionId: [5, 5],
      item: [2, 3],
      page: [pageCode("NextSong"), 0],
      auth: [0, 0],
      level: [LEVEL.paid, LEVEL.unknown],
      status: [307, 0],
      length10us: [18_319_628, -1],
      artist: [low52("Björk"), -1],
      song: [low52("Jóga"), -1],
      registrationMs: [1_540_919_166_796, Number.NaN],
      gender: [2, 0],
      state: [1, 0],
    });
    expect(columns.tsMs.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it("is sorted by user, in binary order, then by the order of the fold", async () => {
    const row = fc.record({
      ts: fc.integer({ min: T, max: T + 3 }),
      userId: fc.constantFrom("a", "B", "é", "🎹", "10", "9", "\uffff"),
      sessionId: fc.integer({ min: 1, max: 2 }),
      itemInSession: fc.integer({ min: 0, max: 2 }),
      page: fc.constantFrom("Home", "NextSong", "About"),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 80 }), async (rows) => {
        const columns = await readEventColumns(openLake(await lakeOf(rows)), testWorld());
        const binary = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
        expect(columns.users).toEqual([...new Set(rows.map((one) => one.userId))].sort(binary));
        const key = (one: (typeof rows)[number]) => [one.ts, one.sessionId, one.itemInSession, pageCode(one.page)];
        columns.users.forEach((user, u) => {
          const own = new Map(rows.filter((one) => one.userId === user).map((one) => [key(one).join(), key(one)]));
          const expected = [...own.values()].sort(
            (a, b) => a.map((x, i) => x - (b[i] as number)).find((d) => d !== 0) ?? 0,
          );
          const found = [];
          for (let i = columns.userStart[u] as number; i < (columns.userStart[u + 1] as number); i++) {
            found.push([columns.tsMs[i], columns.sessionId[i], columns.item[i], columns.page[i]]);
          }
          expect(found).toEqual(expected);
        });
      }),
      { numRuns: 10 },
    );
  });

  it("puts attributed rows under their user, at the time of the evidence; leaves the others out", async () => {
    const home = await lakeOf([
      event({ ts: T, sessionId: 1, itemInSession: 0, page: "Logout" }),
      event({ ts: T + 10, sessionId: 1, itemInSession: 1, userId: "", page: "Home" }),
      event({ ts: T + 20, sessionId: 1, itemInSession: 2, page: "Home" }),
      event({ ts: T + 10, sessionId: 2, itemInSession: 1, userId: "", page: "Home" }),
    ]);
    await writeAttributions(
      home,
      attributions([{ session: 1, item: 1, ts: T + 10, page: "Home", user: "7", known: T + 20 }]),
      { sessionsOf: null },
      testWorld(),
    );
    const columns = await readEventColumns(openLake(home), testWorld());
    expect([...columns.tsMs]).toEqual([T, T + 10, T + 20]);
    expect([...columns.knownAtMs]).toEqual([T, T + 20, T + 20]);
    expect([...columns.item]).toEqual([0, 1, 2]);
  });

  it("names the lake when a file is damaged", async () => {
    const home = await lakeOf([event()]);
    const lake = openLake(home);
    writeFileSync(join(homePaths(home).lake, lake.manifest.files[0]?.path as string), "PAR1 no more");
    await expect(readEventColumns(lake, testWorld())).rejects.toMatchObject({ code: "LAKE_BROKEN" });
  });
});

describe("readSessionRows", () => {
  it("gives whole sessions that hold a blank row, in order", async () => {
    const home = await lakeOf([
      event({ ts: T + 5, sessionId: 2, itemInSession: 1, userId: "" }),
      event({ ts: T + 1, sessionId: 2, itemInSession: 0, userId: "b" }),
      event({ ts: T + 9, sessionId: 1, itemInSession: 0, userId: "" }),
      event({ ts: T, sessionId: 3, itemInSession: 0, userId: "a" }),
    ]);
    const some = await readSessionRows(openLake(home), { sessions: "with-blank" }, testWorld());
    expect(some.users).toEqual(["b"]);
    expect([...some.sessionId]).toEqual([1, 2, 2]);
    expect([...some.userIndex]).toEqual([-1, 0, -1]);
    const all = await readSessionRows(openLake(home), { sessions: "all" }, testWorld());
    expect([...all.userIndex]).toEqual([-1, 1, -1, 0]);
  });
});

describe("attributions", () => {
  it("are current until events are added, and replaced as a whole", async () => {
    const home = await lakeOf([event({ ts: T, sessionId: 1, itemInSession: 0, userId: "" })]);
    expect(attributionsAreCurrent(openLake(home))).toBe(false);
    await writeAttributions(home, attributions([]), { sessionsOf: null }, testWorld());
    expect(attributionsAreCurrent(openLake(home))).toBe(true);
    await ingest(home, [writeLog(folder, jsonLines([event()]))], {}, testWorld());
    expect(attributionsAreCurrent(openLake(home))).toBe(false);
    await writeAttributions(
      home,
      attributions([{ session: 1, item: 0, ts: T, page: "Home", user: "x", known: T }]),
      { sessionsOf: null },
      testWorld(),
    );
    expect((await readEventColumns(openLake(home), testWorld())).users).toEqual(["7", "x"]);
    const { manifest } = openLake(home);
    const attributed = manifest.attributions ?? { lake: "", rows: 0, identity: 1 };
    writeManifest(home, { ...manifest, attributions: { ...attributed, identity: 99 } });
    expect(attributionsAreCurrent(openLake(home))).toBe(false);
    writeManifest(home, manifest);
    expect(attributionsAreCurrent(openLake(home))).toBe(true);
    rmSync(homePaths(home).attributions);
    expect(attributionsAreCurrent(openLake(home))).toBe(false);
  });
});

describe("lakeSummary", () => {
  it("counts what is there", async () => {
    const home = await lakeOf([
      event({ ts: T }),
      event({ ts: T + 40 * 86_400_000, userId: "" }),
      event({ ts: T + 5, userId: 8 }),
    ]);
    expect(lakeSummary(openLake(home))).toMatchObject({
      rows: 3,
      users: 2,
      firstTs: T,
      lastTs: T + 40 * 86_400_000,
      blankRows: 1,
    });
  });
});

describe("codes in SQL are those of TypeScript", () => {
  it("the state is what follows the first comma", async () => {
    const locations = ["Phoenix, AZ", "A, B, C", "nowhere", "", "x,"];
    const rows = await query(
      `SELECT ${STATE_SQL} AS state FROM (SELECT unnest([${locations.map((one) => `'${one}'`)}]) AS location)`,
    );
    expect(rows.map((row) => row.state)).toEqual(["AZ", "B, C", "", "", ""]);
  });
});
