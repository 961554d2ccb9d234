import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { openJobQueue } from "../../../src/store/live/job-queue.js";
import { openLiveDb } from "../../../src/store/live/open-live-db.js";
import { temporaryFolder, testWorld } from "../../pipeline/ingest-fixture.js";
import { BACKENDS } from "./backends.js";

const ONCE_A_YEAR = "0 0 1 1 *";
const POLL_SECONDS = 0.5;

const folder = temporaryFolder();

for (const { name, isAbsent, place } of BACKENDS) {
  describe.skipIf(isAbsent)(`jobs: ${name}`, () => {
    test("each is done by one of the processes on a store, and none after the end", async () => {
      const db = await openLiveDb(await place(folder), testWorld());
      const queues = [];
      const done: number[] = [];
      for (const i of [0, 1]) {
        const queue = await openJobQueue(db, testWorld().log, POLL_SECONDS);
        await queue.schedule("a-job", ONCE_A_YEAR, async () => {
          done.push(i);
        });
        queues.push(queue);
      }
      expect(await db.query("SELECT name, cron FROM jobs.schedule")).toEqual([{ name: "a-job", cron: ONCE_A_YEAR }]);
      await db.query("INSERT INTO jobs.job (name) VALUES ('a-job')");
      while (done.length === 0) await setTimeout(50);
      await setTimeout(2 * POLL_SECONDS * 1000);
      expect(done).toHaveLength(1);
      for (const queue of queues) await queue.close();
      await db.query("INSERT INTO jobs.job (name) VALUES ('a-job')");
      await setTimeout(2 * POLL_SECONDS * 1000);
      expect(done).toHaveLength(1);
      await db.close();
    }, 60_000);
  });
}
