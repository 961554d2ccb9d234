import { chmodSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { NEEDS_POSTGRES, startPostgres } from "../../harness/postgres-server.js";
import { fillDisk, SmallDisk } from "../../harness/torture/full-disk.js";
import { simulatedEvents } from "../../harness/torture/simulate.js";
import { temporaryFolder } from "../pipeline/ingest-fixture.js";
import { emptyStore } from "../store/live/backends.js";

const folder = temporaryFolder();
// The server of PostgreSQL may run under another account.
chmodSync(folder, 0o755);
const canMount = SmallDisk.canBeMade(join(folder, "trial"));
const log = async () => (await simulatedEvents(folder, { users: 20, days: 21, seed: 5 })).events.slice(0, 1_500);

test("what is no file system of its own is told from one that is", () => {
  expect(SmallDisk.canBeMade(join(import.meta.filename, "disk"))).toBe(false);
});

/**
 * In a container that may not mount, not even a run that requires every test can have a disk to fill: there, `npm run torture -- disk`
 * says that it was left out.
 */
if (canMount || process.env.REFRAIN_REQUIRE_ALL !== "1") {
  describe.skipIf(!canMount)("a full disk under the service: refused clearly, nothing lost, and on it goes", () => {
    test("PGlite in the home", async () => {
      const disk = new SmallDisk(join(folder, "disk"), 200);
      try {
        const home = join(disk.folder, "home");
        await emptyStore(home);
        const figures = await fillDisk({
          place: { home, url: null },
          disk,
          log: await log(),
          seed: "full",
          folder,
          times: 1,
        });
        expect(figures.acknowledged).toBe(1_500);
      } finally {
        disk.remove();
      }
    }, 240_000);

    test.skipIf(NEEDS_POSTGRES)(
      "PostgreSQL",
      async () => {
        const disk = new SmallDisk(join(folder, "database"), 300);
        const server = await startPostgres(disk.folder);
        try {
          const place = { home: join(folder, "served"), url: await server.createDatabase() };
          const freed = server.start;
          const filled = {
            place,
            disk,
            log: await log(),
            seed: "full",
            folder: mkdtempSync(join(folder, "batch-")),
            times: 1,
            freed,
          };
          expect((await fillDisk(filled)).acknowledged).toBe(1_500);
        } finally {
          await server.stop();
          disk.remove();
        }
      },
      240_000,
    );
  });
}
