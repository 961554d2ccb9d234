import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { NEEDS_POSTGRES } from "../../harness/postgres-server.js";
import { killAgainAndAgain } from "../../harness/torture/killed.js";
import type { SentEvent } from "../../harness/torture/load.js";
import { simulatedEvents } from "../../harness/torture/simulate.js";
import { temporaryFolder } from "../pipeline/ingest-fixture.js";
import { emptyStore } from "../store/live/backends.js";
import { ownPostgres } from "../store/live/own-postgres.js";

const folder = temporaryFolder();
let log: SentEvent[];
beforeAll(async () => {
  log = (await simulatedEvents(folder, { users: 20, days: 21, seed: 5 })).events.slice(0, 1_500);
});

const killing = () => ({ log, kills: 2, acknowledgedMax: 15, seed: "two kills" });

describe("kill -9 of refrain serve under load: what was acknowledged is there once, and states equal their batch fold", () => {
  test("PGlite", async () => {
    const place = { home: join(folder, "pglite"), url: null };
    await emptyStore(place.home);
    const figures = await killAgainAndAgain({ ...killing(), place, folder: join(folder, "pglite") });
    expect(figures).toMatchObject({ kills: 2, databaseCrashes: 0 });
    expect(figures.acknowledged).toBeGreaterThan(0);
  }, 300_000);

  describe.skipIf(NEEDS_POSTGRES)("PostgreSQL", () => {
    const server = ownPostgres();

    test("of the service and, in between, of the database itself", async () => {
      const place = { home: join(folder, "postgres"), url: await server.createDatabase() };
      const figures = await killAgainAndAgain({
        ...killing(),
        place,
        folder: join(folder, "postgres"),
        crashDatabase: async () => {
          await server.kill();
          await server.start();
        },
      });
      expect(figures).toMatchObject({ kills: 2, databaseCrashes: 1 });
    }, 300_000);
  });
});
