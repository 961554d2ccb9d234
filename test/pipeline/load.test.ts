import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ingest } from "../../src/pipeline/ingest.js";
import { load } from "../../src/pipeline/load.js";
import { recover } from "../../src/pipeline/recover.js";
import { homePaths } from "../../src/store/home-paths.js";
import { openLake } from "../../src/store/lake.js";
import { readEventColumns } from "../../src/store/read-event-columns.js";
import { event, jsonLines, lakeDigest, query, temporaryFolder, testWorld, writeLog } from "./ingest-fixture.js";
import { simulatedLog } from "./simulated-home.js";

const folder = temporaryFolder();
const T = 1_538_352_000_000;
const world = testWorld();
let homes = 0;

const newHome = () => join(folder, `home${homes++}`);

async function inSteps(paths: readonly string[], truth: string | null = null) {
  const home = newHome();
  const ingested = await ingest(home, paths, {}, world);
  const recovery = await recover(home, truth, world);
  return { home, ingest: ingested, recovery, columns: await readEventColumns(openLake(home), world) };
}

/** All that a home holds of events, whatever the order of its files. */
async function contentOf(home: string) {
  const attributions = await query(`SELECT * FROM read_parquet('${homePaths(home).attributions}')`);
  return { manifest: readFileSync(homePaths(home).manifest, "utf8"), attributions, rows: await lakeDigest(home) };
}

const row = fc.record(
  {
    ts: fc.integer({ min: 0, max: 40 }).map((second) => T + second * 1000),
    userId: fc.constantFrom("", "", "a", "B", "é", "🎹", "\uffff"),
    sessionId: fc.constantFrom(1, 1, 2, 5_000_000),
    itemInSession: fc.nat(6),
    page: fc.constantFrom("Home", "NextSong", "Logout", "Login", "Karaoke", "Bingo"),
    auth: fc.constantFrom("Logged In", "Logged Out", "Guest", "Cancelled"),
    level: fc.constantFrom("free", "paid"),
    location: fc.constantFrom("Bakersfield, CA", "Nowhere", " , ", "New York, NY-NJ"),
    gender: fc.constantFrom("F", "M", "X"),
    artist: fc.constantFrom("Björk", "Sia"),
    song: fc.constantFrom("Jóga", "Chandelier"),
    length: fc.constantFrom(0, 183.19628),
    status: fc.constantFrom(200, 307),
    registration: fc.constantFrom(T - 5, T - 7),
    userAgent: fc.constantFrom("Mozilla", "Refrain-Simulator/1"),
  },
  { requiredKeys: ["ts", "userId", "sessionId", "itemInSession", "page"] },
);

describe("load", () => {
  it("gives the home and the events of ingest, recover and reading the lake, whatever the log", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 60 }), fc.boolean(), async (rows, inOrder) => {
        const lines = inOrder ? rows.toSorted((a, b) => a.ts - b.ts) : rows;
        const log = writeLog(folder, jsonLines(lines));
        const { home: stepped, ...steps } = await inSteps([log]);
        const home = newHome();
        expect(await load(home, [log], { truth: null }, world)).toEqual(steps);
        expect(await contentOf(home)).toEqual(await contentOf(stepped));
      }),
      { numRuns: 12 },
    );
  });

  it("does so for a simulated log with its truth, in order and not, and when it comes again", async () => {
    const { log, truth } = await simulatedLog(folder, { users: 20, days: 20 }, world);
    const turned = writeLog(folder, `${readFileSync(log, "utf8").trimEnd().split("\n").reverse().join("\n")}\n`);
    const steps = await inSteps([log], truth);
    for (const path of [log, turned]) {
      const home = newHome();
      const loaded = await load(home, [path], { truth }, world);
      expect(loaded.recovery).toEqual(steps.recovery);
      expect(loaded.columns).toEqual(steps.columns);
      expect(loaded.recovery.recovered).toBeGreaterThan(0);
      expect(loaded.columns.simulated).toBe(true);
      const again = await load(home, [path], { truth }, world);
      expect(again.ingest.accepted).toBe(0);
      expect(again.columns).toEqual(steps.columns);
    }
  });

  it("gives two pages of one moment that have no code the one owner that their key has in the lake", async () => {
    const at = (item: number, fields: object) =>
      event({ ts: T + item * 1000, sessionId: 9, itemInSession: item, userId: "a", ...fields });
    const blank = { userId: "", auth: "Logged Out" };
    const log = writeLog(
      folder,
      jsonLines([
        at(0, { page: "NextSong" }),
        at(1, { page: "Logout" }),
        at(2, { ...blank, page: "Karaoke" }),
        at(2, { ...blank, page: "Bingo" }),
        at(3, { ...blank, page: "Login" }),
        at(4, { page: "Home" }),
      ]),
    );
    const { columns } = await inSteps([log]);
    expect((await load(newHome(), [log], { truth: null }, world)).columns).toEqual(columns);
  });
});
