import { cpSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadEvents } from "../../src/pipeline/recover.js";
import { train } from "../../src/pipeline/train.js";
import { temporaryFolder, testWorld } from "../pipeline/ingest-fixture.js";
import { UNTUNED } from "../pipeline/simulated-home.js";
import { NEEDS_POSTGRES, type PostgresServer, startPostgres } from "../store/live/postgres-server.js";
import type { SentEvent } from "./load.js";
import { parityGate } from "./parity-gate.js";
import { refrain } from "./service-process.js";
import { simulatedEvents } from "./simulate.js";
import { stopDatabase } from "./stopped-database.js";

const folder = temporaryFolder();
let log: SentEvent[];
beforeAll(() => {
  log = simulatedEvents(folder, { users: 20, days: 21, seed: 8 }).events.slice(0, 3_000);
});

describe("a log sent over HTTP in random batches and orders gives the features of a batch, bit for bit", () => {
  test("PGlite", async () => {
    const place = { home: join(folder, "pglite"), url: null };
    await parityGate({ places: [place], log, sizeMax: 150, seed: "gate", folder: place.home });
  }, 300_000);

  describe.skipIf(NEEDS_POSTGRES)("PostgreSQL", () => {
    let server: PostgresServer;
    beforeAll(async () => {
      server = await startPostgres();
    });
    afterAll(() => server?.stop());

    test("two replicas on one database give the features and scores of one", async () => {
      const trained = join(folder, "trained");
      await trainedHome(trained);
      const placeOf = (name: string, url: string) => {
        cpSync(join(trained, "models"), join(folder, name, "models"), { recursive: true });
        return { home: join(folder, name), url };
      };
      const shared = await server.createDatabase();
      const two = [placeOf("left", shared), placeOf("right", shared)];
      const gate = { log, sizeMax: 40, folder };
      const [left, right] = await parityGate({ ...gate, places: two, seed: "two", folder: join(folder, "left") });
      const alone = [placeOf("alone", await server.createDatabase())];
      const [one] = await parityGate({ ...gate, places: alone, seed: "one", folder: join(folder, "alone") });
      expect(left).toEqual(one);
      expect(right).toEqual(one);
      expect([...(one ?? new Map<string, string>()).values()].some((text) => text.includes("churn_probability"))).toBe(
        true,
      );
    }, 300_000);

    test("stopped and started under load: 503 with Retry-After, and everything acknowledged in the end", async () => {
      const place = { home: join(folder, "stopped"), url: await server.createDatabase() };
      const figures = await stopDatabase({
        place,
        log,
        stops: 2,
        seed: "stops",
        halt: server.halt,
        start: server.start,
      });
      expect(figures.acknowledged).toBe(log.length);
    }, 300_000);
  });
});

/** A home with a model, from listeners of its own. */
async function trainedHome(home: string): Promise<void> {
  const { path } = simulatedEvents(folder, { users: 250, days: 63, seed: 9 });
  refrain({ home, url: null }, "ingest", path);
  const world = testWorld();
  const columns = await loadEvents(home, world);
  await train({ home, columns, protocol: "point-in-time", options: UNTUNED }, world);
}
