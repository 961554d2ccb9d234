import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findLogs } from "../../src/pipeline/ingest/find-logs.js";
import { ingest, ingestLogs } from "../../src/pipeline/ingest.js";
import { withHomeLock } from "../../src/store/home-lock.js";
import { homePaths } from "../../src/store/home-paths.js";
import { event, jsonLines, temporaryFolder, testWorld, writeLog } from "./ingest-fixture.js";

const folder = temporaryFolder();
/** Four ranges of a log: much more than can be read until it is given up. */
const LOG_BYTES = 24 << 20;

describe("an ingest that is given up", () => {
  it("while a thread reads the first range and the rejects of the second wait for it, ends at once", async () => {
    const line = jsonLines([event({ location: "x".repeat(200) })]);
    const lines = Array.from({ length: Math.ceil(LOG_BYTES / line.length) }, () => line);
    lines[Math.floor(lines.length * 0.75)] = "not json\n";
    const log = writeLog(folder, lines.join(""));
    for (const afterMs of [40, 90]) {
      const home = join(folder, `home${afterMs}`);
      const signal = { aborted: false };
      setTimeout(() => {
        signal.aborted = true;
      }, afterMs);
      await expect(ingest(home, [log], {}, testWorld(signal))).rejects.toMatchObject({ code: "INTERRUPTED" });
      expect(existsSync(homePaths(home).lock)).toBe(false);
      expect(existsSync(homePaths(home).manifest)).toBe(false);
    }
  });

  it.each(["begin", "finish"] as const)(
    "by what is made of the events meanwhile (%s), leaves nothing half done",
    async (where) => {
      const home = join(folder, `home-${where}`);
      const log = writeLog(folder, jsonLines([event(), event()]));
      const fail = (at: string) => () => {
        if (at === where) throw new Error("no memory left");
      };
      const whileWriting = { begin: fail("begin"), finish: fail("finish"), settle: async () => {} };
      const logs = await findLogs([log]);
      const work = () => ingestLogs(home, logs, { map: {}, whileWriting }, testWorld());
      await expect(withHomeLock(home, "ingest", work)).rejects.toThrow("no memory left");
      expect(existsSync(homePaths(home).manifest)).toBe(false);
      expect((await ingest(home, [log], {}, testWorld())).accepted).toBe(2);
    },
  );
});
