import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { NEEDS_POSTGRES } from "../../harness/postgres-server.js";
import { ServiceProcess } from "../../harness/service-process.js";
import { openLiveDb } from "../../src/store/live/open-live-db.js";
import { temporaryFolder, testWorld } from "../pipeline/ingest-fixture.js";
import { misledHome } from "../pipeline/retrain/misled-home.js";
import { runWide } from "../run-wide/ask.js";

const SETTINGS = { REFRAIN_RETRAIN_POSITIVES: "50", REFRAIN_RETRAIN_SEARCH: "none" };
const USER = "1002";

interface Entry {
  readonly id: number;
  readonly state: string;
  readonly decision: { readonly serves: string; readonly promoted: boolean } | null;
}

const folder = temporaryFolder();
const home = join(folder, "home");

beforeAll(async () => {
  await misledHome(home, testWorld(), Date.now());
}, 120_000);

describe.skipIf(NEEDS_POSTGRES)("two replicas on one PostgreSQL and one home", () => {
  test("retrain once, whoever is asked; killed at it, one serves on, and the next retraining begins anew", async () => {
    const place = { home, url: await runWide("new database") };
    const replicas = [new ServiceProcess(place, SETTINGS), new ServiceProcess(place, SETTINGS)];
    const db = await openLiveDb({ url: place.url }, testWorld());
    try {
      for (const replica of replicas) await replica.start();
      const asked = await Promise.all(replicas.map((replica) => replica.ask("/retrainings", {})));
      expect(asked.map(({ status }) => status).sort()).toEqual([200, 409]);
      expect(asked.find(({ status }) => status === 409)?.body).toMatchObject({ code: "RETRAINING_RUNNING" });
      const [runner, other] = asked[0]?.status === 200 ? replicas : [replicas[1], replicas[0]];
      if (runner === undefined || other === undefined) throw new Error("two replicas");
      const champion = (await other.ask("/model/info")).body.model_version;

      await runner.end("SIGKILL");
      expect((await ledger(other)).map(({ state }) => state)).toEqual(["running"]);
      expect((await other.ask("/retrainings", {})).status).toBe(409);
      expect((await other.ask("/predict", { user_id: USER })).body).toMatchObject({ model_version: champion });

      // As after two minutes without a sign of life.
      await db.query("UPDATE leases SET until_ms = 0");
      expect((await other.ask("/retrainings", {})).status).toBe(200);
      let last = (await ledger(other))[0];
      while (last?.state === "running") {
        expect((await other.ask("/predict", { user_id: USER })).status).toBe(200);
        await setTimeout(100);
        last = (await ledger(other))[0];
      }
      expect((await ledger(other)).map(({ state }) => state)).toEqual(["promoted", "broken-off"]);
      const serves = last?.decision?.serves;
      expect(serves).not.toBe(champion);
      await runner.start();
      expect((await runner.ask("/predict", { user_id: USER })).body).toMatchObject({ model_version: serves });
      while ((await other.ask("/model/info")).body.model_version !== serves) await setTimeout(100);
    } finally {
      for (const replica of replicas) await replica.end("SIGKILL");
      await db.close();
    }
  }, 120_000);
});

async function ledger(replica: ServiceProcess): Promise<Entry[]> {
  return (await replica.ask("/retrainings")).body.items as Entry[];
}
