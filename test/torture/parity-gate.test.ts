import { cpSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { NEEDS_POSTGRES } from "../../harness/postgres-server.js";
import { BatchFeatures } from "../../harness/torture/batch-features.js";
import type { SentEvent } from "../../harness/torture/load.js";
import { parityGate } from "../../harness/torture/parity-gate.js";
import { simulatedEvents } from "../../harness/torture/simulate.js";
import { stopDatabase } from "../../harness/torture/stopped-database.js";
import { temporaryFolder, testWorld } from "../pipeline/ingest-fixture.js";
import { storedHome } from "../pipeline/stored-home.js";
import { emptyStore } from "../store/live/backends.js";
import { ownPostgres } from "../store/live/own-postgres.js";

const folder = temporaryFolder();
let log: SentEvent[];
let batch: BatchFeatures;
beforeAll(async () => {
  log = (await simulatedEvents(folder, { users: 20, days: 21, seed: 8 })).events.slice(0, 1_500);
  batch = new BatchFeatures(folder, log);
});

describe("a log sent over HTTP in random batches and orders gives the features of a batch, bit for bit", () => {
  test("PGlite", async () => {
    const place = { home: join(folder, "pglite"), url: null };
    await emptyStore(place.home);
    await parityGate({ places: [place], log, batch, sizeMax: 150, seed: "gate" });
  }, 300_000);

  describe.skipIf(NEEDS_POSTGRES)("PostgreSQL", () => {
    const server = ownPostgres();

    test("two replicas on one database give the features and scores of one", async () => {
      const trained = join(folder, "trained");
      storedHome(trained, testWorld());
      const placeOf = (name: string, url: string) => {
        cpSync(join(trained, "models"), join(folder, name, "models"), { recursive: true });
        return { home: join(folder, name), url };
      };
      const shared = await server.createDatabase();
      const two = [placeOf("left", shared), placeOf("right", shared)];
      const gate = { log, batch, sizeMax: 40 };
      const [left, right] = await parityGate({ ...gate, places: two, seed: "two" });
      const alone = [placeOf("alone", await server.createDatabase())];
      const [one] = await parityGate({ ...gate, places: alone, seed: "one" });
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
