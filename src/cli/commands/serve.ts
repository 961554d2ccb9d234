import { LiveService } from "../../pipeline/live/service.js";
import { CONFIG_KEYS, settingsOf } from "../../schema/config.js";
import { waitForHomeLock } from "../../store/home-lock.js";
import { withLiveLock } from "../../store/live-lock.js";
import { livePlace } from "../live-place.js";
import { mlflowOf } from "../mlflow.js";
import type { Register } from "../register.js";
import { portOf, serveHome } from "../serve-home.js";

export const serveCommand: Register = (root, act) =>
  root
    .command("serve")
    .description("take live events and answer with scores and features, over HTTP; every request needs a key")
    .option("--host <host>", `address to listen on (default: ${CONFIG_KEYS.host.otherwise})`)
    .option("--port <n>", `port (default: ${CONFIG_KEYS.port.otherwise}; 0: any free one)`)
    .action(
      act(async (context, flags: { host?: string; port?: string }) => {
        const { home, world, progress, answer } = context;
        const settings = settingsOf(context.config);
        const place = livePlace(home, settings);
        await withLiveLock(place, "serve", () =>
          serveHome(context, {
            home,
            isAnnounced: "home" in place,
            host: flags.host ?? settings.host,
            port: portOf(flags.port, settings.port),
            hostRule: "any",
            keyless: null,
            mlflow: mlflowOf(context),
            logLevel: settings.logLevel,
            open: (observe) =>
              waitForHomeLock(home, "serve", () =>
                LiveService.open(home, { ...place, observe, riskLevels: settings.riskLevels }, world),
              ),
            ready: (address) => {
              progress.done();
              answer({ address }, `Serving on ${address} (Ctrl-C stops it)`);
            },
          }),
        );
        return 130;
      }),
    );
