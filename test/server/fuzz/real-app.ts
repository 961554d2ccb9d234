import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { LiveService } from "../../../src/pipeline/live/service.js";
import type { Role } from "../../../src/schema/roles.js";
import { temporaryFolder, testWorld } from "../../pipeline/ingest-fixture.js";
import { emptyStore } from "../../store/live/backends.js";
import { prediction, servingState, testApp } from "../fixture.js";

export interface RealApp {
  readonly app: FastifyInstance;
  makeKey(role: Role): Promise<string>;
  close(): Promise<void>;
}

/** The routes on a live store of their own; of scores only the model is not there. */
export async function realApp(): Promise<RealApp> {
  const home = join(temporaryFolder(), "home");
  await emptyStore(home);
  const service = await LiveService.open(home, { home }, testWorld());
  const scoreUser = async (id: string) => ((await service.user(id, null)) === null ? null : prediction(id));
  const app = testApp({
    serving: { ...servingState(), live: service, scoreUser },
    guard: { access: service.access, keyless: null },
    settings: { refusalsPerMinute: 1_000_000 },
  });
  return {
    app,
    makeKey: async (role) => (await service.access.createKey(role, null)).key,
    close: async () => {
      await app.close();
      await service.close();
    },
  };
}
