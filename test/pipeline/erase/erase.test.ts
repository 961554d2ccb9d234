import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { matrix } from "../../../src/base/matrix.js";
import { asInstant } from "../../../src/base/time.js";
import { eraseUser } from "../../../src/pipeline/erase.js";
import { ingest } from "../../../src/pipeline/ingest.js";
import { currentStates } from "../../../src/pipeline/kept/keep-states.js";
import { checkEvents } from "../../../src/pipeline/live/check-events.js";
import { LiveEvents } from "../../../src/pipeline/live/live-events.js";
import { takeLake } from "../../../src/pipeline/live/take-lake.js";
import { insertDay, type ObservedDay, readScored } from "../../../src/pipeline/loop/observed-table.js";
import { loadEvents } from "../../../src/pipeline/recover.js";
import { openLake } from "../../../src/store/lake.js";
import { openLiveDb } from "../../../src/store/live/open-live-db.js";
import { readManifest } from "../../../src/store/manifest.js";
import { BACKENDS } from "../../store/live/backends.js";
import { coded, inBatch } from "../incremental/both-ways.js";
import { cutoffsOf, expectSame } from "../incremental/parity-law.js";
import {
  jsonLines,
  lakeRows,
  NOW_MS,
  type TestEvent,
  temporaryFolder,
  testWorld,
  writeLog,
} from "../ingest-fixture.js";
import { storedIn } from "../live/through-sql.js";
import { simulatedLog } from "../simulated-home.js";

const folder = temporaryFolder();
const world = testWorld();
const SALT = "salt of a test";
let log: TestEvent[];
/** Of whom rows are recovered, with a name nobody else has. */
let user: string;

beforeAll(async () => {
  const { log: path } = await simulatedLog(folder, { users: 14, seed: 11, days: 40 }, world);
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  log = lines.map((line) => JSON.parse(line) as TestEvent);
  const home = join(folder, "who");
  await ingest(home, [path], {}, world);
  const columns = await loadEvents(home, world);
  const received = new Set(log.map(({ userId }) => userId));
  const late = columns.users.findIndex((id, u) => {
    const rows = [...columns.knownAtMs.subarray(columns.userStart[u], columns.userStart[u + 1])];
    return received.has(id) && rows.some((at, i) => at !== columns.tsMs[(columns.userStart[u] ?? 0) + i]);
  });
  user = columns.users[late] ?? "";
  expect(user).not.toBe("");
  log = log.map((event) =>
    event.userId === user ? { ...event, firstName: "Xq7ZkWv3Pj", lastName: "Qj5Yx8UfWz" } : event,
  );
});

const observedDay = (cutoffMs: number): ObservedDay => ({
  cutoffMs,
  atRisk: 2,
  features: ["songs_28d"],
  label: { name: "cancellation", version: 1, gapDays: 1, horizonDays: 10 },
});

const observedRows = (users: readonly string[]) => ({
  rows: { users, level: new Uint8Array(2), treated: new Uint8Array(2), x: matrix(2, 1) },
  scores: [{ modelVersion: "cancellation-v", p: new Float64Array(2), flagged: new Uint8Array(2) }],
  now: 3,
});

/** Paths of a folder's files that hold a text, as it is or in either width of characters. */
function filesWith(root: string, text: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path).includes(text));
}

describe("erasing a user from a lake", () => {
  test("leaves nothing of the user, and a log ingested again brings nothing back", async () => {
    const home = join(folder, "lake-only");
    const broken = `{"userId":"${user}","firstName":"Xq7ZkWv3Pj",\n`;
    const path = writeLog(folder, jsonLines(log) + broken);
    const before = await ingest(home, [path], {}, world);
    await currentStates(home, world);
    expect(filesWith(home, "Xq7ZkWv3Pj").length).toBeGreaterThan(2);
    const receipt = await eraseUser(home, user, { live: null, salt: SALT }, world);
    const own = log.filter(({ userId }) => userId === user).length;
    expect(receipt).toMatchObject({ live: null, lake: { events: own, quarantinedLines: 1 } });
    expect(receipt.lake.recovered).toBeGreaterThan(0);
    expect(JSON.stringify(receipt)).not.toContain(user);
    expect(filesWith(home, "Xq7ZkWv3Pj")).toEqual([]);
    const rows = await lakeRows(home);
    expect(rows.some((row) => row.includes(`"user_id":"${user}"`))).toBe(false);
    expect(rows.length).toBe(before.accepted - own - receipt.lake.recovered);
    expect(openLake(home).manifest.users).toBe(before.users - 1);

    const again = await ingest(home, [path], {}, world);
    expect(again.accepted).toBe(0);
    expect(again.reasons).toEqual({ USER_ERASED: own + receipt.lake.recovered, INVALID_JSON: 1 });
    expect(again.lines).toBe(again.accepted + again.duplicates + again.quarantined);
    expect(await lakeRows(home)).toEqual(rows);
    expect(filesWith(home, "Xq7ZkWv3Pj")).toEqual([]);
    // Another home that knows the erasure ends with the same lake.
    expect(await eraseUser(home, user, { live: null, salt: "another" }, world)).toEqual(receipt);
    await expect(eraseUser(home, "nobody", { live: null, salt: SALT }, world)).rejects.toMatchObject({
      code: "USER_UNKNOWN",
    });
  });
});

for (const { name, isAbsent, place } of BACKENDS) {
  describe.skipIf(isAbsent)(`erasing a user from a live store too: ${name}`, () => {
    test("leaves states and features of the others as a batch over what is left has them", async () => {
      const where = await place(folder);
      const home = "home" in where ? where.home : join(folder, "of-postgres");
      // In the middle of the user's own events.
      const places = log.flatMap(({ userId }, i) => (userId === user ? [i] : []));
      const cut = places[Math.floor(places.length / 2)] ?? 0;
      await ingest(home, [writeLog(folder, jsonLines(log.slice(0, cut)))], {}, world);
      const db = await openLiveDb(where, world);
      const live = new LiveEvents(db, world);
      await takeLake(openLake(home), db, live, world);
      await live.add(checkEvents(log.slice(cut), NOW_MS).events);
      expect(await live.featuresAt(user, asInstant(Number(log.at(-1)?.ts)))).not.toBeNull();

      expect(await db.query("SELECT 1 FROM events WHERE texts LIKE '%Xq7ZkWv3Pj%'")).not.toEqual([]);

      const observe = (cutoffMs: number) => insertDay(db, observedDay(cutoffMs), observedRows([user, "another"]));
      await observe(1);
      const receipt = await eraseUser(home, user, { live: db, salt: SALT }, world);
      // Somebody who had photographed the user before writes it down now.
      await observe(2);
      const own = log.filter(({ userId }) => userId === user).length;
      expect(receipt.live?.tables).toMatchObject({ observed: 1, observed_scores: 1 });
      expect((await readScored(db, { modelVersion: "cancellation-v", fromMs: 0, toMs: 9 })).users).toEqual([
        "another",
        "another",
      ]);
      expect(receipt.live).toMatchObject({ events: own, tables: { user_states: 1 } });
      expect(receipt.live?.recovered).toBeGreaterThan(0);
      expect(await live.featuresAt(user, asInstant(Number(log.at(-1)?.ts)))).toBeNull();
      for (const table of [
        "observed",
        "observed_scores",
        "sessions",
        "recovered_in",
        "user_states",
        "events",
        "erasures",
        "tombstones",
      ]) {
        const rows = await db.query(`SELECT 1 FROM ${table} AS t WHERE t::text LIKE $1 OR t::text LIKE $2`, [
          `%"${user}"%`,
          `%,${user},%`,
        ]);
        expect([table, rows]).toEqual([table, []]);
      }
      expect(await live.add(coded(log))).toMatchObject({ accepted: 0, erased: new Set([user]) });

      // The lake of what is left: the old files, and the live rows that were not erased.
      const left = join(folder, `left-${name}`);
      const keys = await db.query<{ key: string }>(
        "SELECT user_id || '/' || session_id || '/' || item || '/' || ts_ms || '/' || page_name AS key FROM events",
      );
      const kept = new Set(keys.map(({ key }) => key));
      const rest = log.filter((e) => kept.has(`${e.userId ?? ""}/${e.sessionId}/${e.itemInSession}/${e.ts}/${e.page}`));
      expect(rest.length).toBe(kept.size);
      await ingest(left, [writeLog(folder, jsonLines(rest))], {}, world);
      const cutoffs = cutoffsOf(rest, [0.5]);
      expectSame(await storedIn(db, cutoffs), inBatch(await loadEvents(left, world), cutoffs));
      // What the lake had of it is what the live store had of it.
      await ingest(home, [writeLog(folder, jsonLines(rest))], {}, world);
      expect(await lakeRows(home)).toEqual(await lakeRows(left));
      await db.close();
      if ("home" in where) expect(filesWith(home, "Xq7ZkWv3Pj")).toEqual([]);
      expect(existsSync(join(home, "erasures", "pending.json"))).toBe(false);
      expect(readManifest(home).files.length).toBeGreaterThan(0);
    });
  });
}
