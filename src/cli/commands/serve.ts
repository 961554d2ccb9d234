import { RefrainError } from "../../base/errors.js";
import { LiveService } from "../../pipeline/live/service.js";
import { buildApp } from "../../server/app.js";
import { listen } from "../../server/listen.js";
import type { ServingState } from "../../server/serving.js";
import { withHomeLock } from "../../store/home-lock.js";
import { wholeNumber } from "../context.js";
import { livePlace } from "../live-place.js";
import type { Register } from "../register.js";
import { modelInfo } from "../serving-state.js";
import { untilAborted } from "../until-aborted.js";

const PORT = 8000;
const HOST = "127.0.0.1";

export const serveCommand: Register = (root, act) =>
  root
    .command("serve")
    .description("take live events and answer with scores and features, over HTTP; every request needs a key")
    .option("--host <host>", `address to listen on (default: ${HOST})`)
    .option("--port <n>", `port (default: ${PORT}; 0: any free one)`)
    .action(
      act(async ({ home, world, progress, answer }, flags: { host?: string; port?: string }) => {
        const port = wholeNumber("--port", flags.port, PORT);
        if (port > 65_535)
          throw new RefrainError("VALUE_BAD", { name: "--port", value: port, advice: "Give a port up to 65535." });
        await withHomeLock(home, "serve", async () => {
          const service = await LiveService.open(home, livePlace(home), world);
          const app = buildApp({
            serving: servingOf(service),
            world,
            guard: { roleOf: (key) => service.roleOf(key), keyless: null },
          });
          try {
            const address = await listen(app, { host: flags.host ?? HOST, port });
            progress.done();
            answer({ address }, `Serving on ${address} (Ctrl-C stops it)`);
            await untilAborted(world.signal as AbortSignal);
          } finally {
            await app.close();
            await service.close();
          }
        });
        return 130;
      }),
    );

function servingOf(service: LiveService): ServingState {
  const { model, modelUri } = service;
  const info =
    model === null || modelUri === null
      ? null
      : modelInfo({ model: model.model, uri: modelUri, registeredAt: model.entry.registeredAt });
  return {
    model: info,
    get asOf() {
      return service.freshThrough;
    },
    get freshThrough() {
      return service.freshThrough;
    },
    scoreUser: async (id) => (await service.user(id, null))?.prediction ?? null,
    scoreFeatures: (features) => service.scoreFeatures(features),
    reportHtml: () => "<!doctype html><title>Refrain</title><p>refrain report writes the report of this home.</p>",
    live: service,
  };
}
