import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { beforeAll, describe, expect, test } from "vitest";
import type { CodedEvent } from "../../../src/features/coded-event.js";
import { idempotencyKey } from "../../../src/pipeline/incremental/event-store.js";
import { type LiveDbPlace, openLiveDb } from "../../../src/store/live/open-live-db.js";
import { BACKENDS } from "../../store/live/backends.js";
import { batchColumns, coded, inBatch } from "../incremental/both-ways.js";
import { cutoffsOf, expectSame } from "../incremental/parity-law.js";
import { jsonLines, NOW_MS, type TestEvent, temporaryFolder, testWorld } from "../ingest-fixture.js";
import { simulatedEvents } from "../simulated-home.js";
import { storedIn } from "./through-sql.js";

const BATCH = 50;
const folder = temporaryFolder();
const path = join(folder, "events.jsonl");
let log: TestEvent[];

beforeAll(async () => {
  log = await simulatedEvents(folder, { users: 15, seed: 5, days: 21 }, testWorld(), 2_500);
  writeFileSync(path, jsonLines(coded(log)));
});

const dist = (file: string) => JSON.stringify(new URL(`../../../dist/${file}`, import.meta.url).href);
const script = `
  import { readFileSync } from "node:fs";
  import { LiveEvents } from ${dist("pipeline/live/live-events.js")};
  const [path, place] = process.argv.slice(1);
  const read = (line) => ({ ...JSON.parse(line), registrationMs: JSON.parse(line).registrationMs ?? NaN });
  const events = readFileSync(path, "utf8").trimEnd().split("\\n").map(read);
  const live = await LiveEvents.open(JSON.parse(place), { now: () => ${NOW_MS} });
  for (let from = 0; from < events.length; from += ${BATCH}) {
    await live.add(events.slice(from, from + ${BATCH}));
    console.log(from / ${BATCH} + 1);
  }
  await live.close();
`;

/** Sends the whole log from a process of its own, which is killed after so many acknowledged batches and a moment. */
async function sendAndKill(place: LiveDbPlace, batches: number, ms: number): Promise<{ acknowledged: number }> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", script, path, JSON.stringify(place)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  let acknowledged = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged = Number(line);
    if (acknowledged === batches) setTimeout(() => child.kill("SIGKILL"), ms);
  }
  await ended;
  return { acknowledged };
}

for (const { name, isAbsent, place } of BACKENDS) {
  describe.skipIf(isAbsent)(`kill -9 of a process that adds: ${name}`, () => {
    test("everything acknowledged is there exactly once, batches are whole, and states equal their batch fold", async () => {
      const where = await place(folder);
      let before = 0;
      for (const [batches, ms] of [
        [1, 0],
        [12, 7],
        [25, 33],
      ] as const) {
        const { acknowledged } = await sendAndKill(where, batches, ms);
        expect(acknowledged).toBeLessThan(log.length / BATCH);
        const db = await openLiveDb(where, testWorld());
        const rows = await db.query<CodedEvent>(`SELECT user_id AS "userId", session_id AS "sessionId", item,
          ts_ms AS "tsMs", page_name AS "pageName" FROM events`);
        const whole = rows.length / BATCH;
        expect(whole).toBe(Math.max(before, whole));
        expect(Number.isInteger(whole) && whole >= acknowledged).toBe(true);
        const kept = log.slice(0, rows.length);
        expect(rows.map(idempotencyKey).sort()).toEqual(coded(kept).map(idempotencyKey).sort());
        const cutoffs = cutoffsOf(kept, [0.5]);
        const home = join(folder, `${name}-${batches}`);
        expectSame(await storedIn(db, cutoffs), inBatch(await batchColumns(folder, home, kept), cutoffs));
        await db.close();
        before = whole;
      }
      expect(before).toBeGreaterThanOrEqual(25);
    });
  });
}
