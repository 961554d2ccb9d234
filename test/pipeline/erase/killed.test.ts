import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { beforeAll, expect, test } from "vitest";
import { eraseUser } from "../../../src/pipeline/erase.js";
import { ingest } from "../../../src/pipeline/ingest.js";
import { LiveEvents } from "../../../src/pipeline/live/live-events.js";
import { takeLake } from "../../../src/pipeline/live/take-lake.js";
import { homePaths } from "../../../src/store/home-paths.js";
import { openLake } from "../../../src/store/lake.js";
import type { LiveDb } from "../../../src/store/live/live-db.js";
import { openLiveDb } from "../../../src/store/live/open-live-db.js";
import { readTombstones } from "../../../src/store/tombstones.js";
import { emptyStore } from "../../store/live/backends.js";
import { lakeRows, NOW_MS, type TestEvent, temporaryFolder, testWorld } from "../ingest-fixture.js";
import { storedIn } from "../live/through-sql.js";
import { simulatedLog } from "../simulated-home.js";

const folder = temporaryFolder();
const world = testWorld();
const ERASING = { salt: "salt of a test" };
const base = join(folder, "base");
let user = "";

beforeAll(async () => {
  const { log } = await simulatedLog(folder, { users: 10, seed: 11, days: 21 }, world);
  const lines = readFileSync(log, "utf8").split("\n").slice(0, 100);
  user = lines.map((line) => String((JSON.parse(line) as TestEvent).userId)).find((id) => id !== "") ?? "";
  await ingest(base, [log], {}, world);
  await emptyStore(base);
  const db = await openLiveDb({ home: base }, world);
  await takeLake(openLake(base), db, new LiveEvents(db, world), world);
  await db.close();
});

const dist = (file: string) => JSON.stringify(new URL(`../../../dist/${file}`, import.meta.url).href);
const script = `
import { openLiveDb } from ${dist("store/live/open-live-db.js")};
  import { eraseUser } from ${dist("pipeline/erase.js")};
  const log = { debug() {}, info() {}, warn() {} };
  const world = { now: () => ${NOW_MS}, seed: 1, threads: 2, log, signal: { aborted: false } };
  const [home, user] = process.argv.slice(1);
  const live = await openLiveDb({ home }, world);
  console.log("begins");
  await eraseUser(home, user, { live, salt: "salt of a test" }, world);
  console.log("done");
  await live.close();
`;

/**
 * Erases in a process of its own; kills it so many ms after it wrote down what it was going to do, null: never. Returns how long it
 * took from there.
 */
async function erasedIn(home: string, ms: number | null): Promise<number> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", script, home, user], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  await once(child.stdout, "data");
  const done = once(child.stdout, "data");
  while (!existsSync(homePaths(home).pendingErasure)) await after(1);
  const began = performance.now();
  await Promise.race([done, ms === null ? ended : after(ms), ended]);
  const took = performance.now() - began;
  if (ms !== null) child.kill("SIGKILL");
  await ended;
  return took;
}

/** All that a home and its live store hold, in one text. */
async function contentOf(home: string, db: LiveDb): Promise<string> {
  const { states } = await storedIn(db, []);
  const events = await db.query(
    "SELECT user_id, session_id, item, ts_ms, page_name FROM events ORDER BY 1, 2, 3, 4, 5",
  );
  const erasures = await db.query("SELECT * FROM erasures");
  const hashes = await db.query("SELECT sha256 FROM tombstones ORDER BY 1");
  const tombstones = [...readTombstones(home).erased.keys()].sort();
  return JSON.stringify([[...states].sort(), events, erasures, hashes, tombstones, await lakeRows(home)]);
}

test("kill -9 at any moment of an erasure, then the same again, ends where one that was not disturbed ends", {
  timeout: 240_000,
}, async () => {
  const undisturbed = join(folder, "undisturbed");
  cpSync(base, undisturbed, { recursive: true });
  const whole = await erasedIn(undisturbed, null);
  const opened = await openLiveDb({ home: undisturbed }, world);
  const expected = await contentOf(undisturbed, opened);
  await opened.close();
  expect(expected).not.toContain(`"${user}"`);
  let interrupted = 0;
  for (const share of [0.15, 0.5]) {
    const home = join(folder, `killed-${share}`);
    cpSync(base, home, { recursive: true });
    await erasedIn(home, whole * share);
    if (existsSync(homePaths(home).pendingErasure)) interrupted++;
    const db = await openLiveDb({ home }, world);
    const receipt = await eraseUser(home, user, { live: db, ...ERASING }, world);
    expect(receipt.live?.events).toBeGreaterThan(0);
    expect(receipt.lake.events).toBe(receipt.live?.events);
    expect(await contentOf(home, db)).toBe(expected);
    await db.close();
    expect(readdirSync(homePaths(home).erasures).sort()).toEqual([
      `receipt-${receipt.id}-${NOW_MS}.json`,
      "tombstones.json",
    ]);
  }
  expect(interrupted).toBeGreaterThan(0);
});
