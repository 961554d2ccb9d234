import { join } from "node:path";
import { LiveService } from "../../pipeline/live/service.js";
import { run } from "../../pipeline/run.js";
import { renderSummary } from "../../report/terminal.js";
import { withLiveLock } from "../../store/live-lock.js";
import { type Context, wholeNumber } from "../context.js";
import { streamLog } from "../demo-stream.js";
import { type DemoWorld, demoWorld } from "../demo-world.js";
import type { Register } from "../register.js";
import { portOf, serveHome } from "../serve-home.js";
import { trainOptions } from "../training-options.js";

const DEMO_USERS = 600;
const DEMO_PORT = 8000;
/** The demo is for this machine only: its routes ask for no key. */
const LOOPBACK = "127.0.0.1";
const LINK_LASTS_MS = 24 * 3_600_000;

export const demoCommand: Register = (root, act) =>
  root
    .command("demo")
    .description("simulate listeners, run the main job on them, and serve the result with a live stream on 127.0.0.1")
    .option("--port <n>", `port (default: ${DEMO_PORT})`)
    .option("--users <n>", `simulated listeners (default: ${DEMO_USERS})`)
    .action(
      act(async (context, flags: { port?: string; users?: string }) => {
        const users = wholeNumber("--users", flags.users, DEMO_USERS);
        const home = demoHome(context, users);
        await withLiveLock({ home }, "demo", () => demo(home, users, { context, port: portOf(flags.port, DEMO_PORT) }));
        return 130;
      }),
    );

/** A home of its own for each simulated world: made-up listeners must not get among real ones, nor one world's among another's. */
function demoHome({ home, world }: Context, users: number): string {
  return join(home, "demo", `${users}-users-seed-${world.seed}`);
}

async function demo(home: string, users: number, { context, port }: { context: Context; port: number }): Promise<void> {
  const { world, progress, answer } = context;
  let simulated: DemoWorld | null = null;
  let streaming: Promise<unknown> | null = null;
  try {
    await serveHome(context, {
      home,
      isAnnounced: true,
      host: LOOPBACK,
      port,
      hostRule: "loopback",
      keyless: "writer",
      // Made-up listeners are no news for others.
      mlflow: null,
      // Its words go to a terminal.
      logLevel: "warn",
      open: async (observe) => {
        world.log.info(`Simulating ${users} listeners`);
        simulated = await demoWorld(users, world);
        await runOn(home, simulated, context);
        return LiveService.open(home, { home, observe }, world);
      },
      ready: async (address, service) => {
        progress.done();
        const link = `${address}/login?token=${await service.access.makeLink("admin", LINK_LASTS_MS)}`;
        answer({ address, link, simulated: true }, `\nOpen ${link}\n(once; then ${address}. Ctrl-C stops it)`);
        if (simulated === null) return;
        streaming = streamLog(simulated.stream, service, world).catch((error: unknown) => {
          world.log.warn(`The stream of simulated events broke off: ${error instanceof Error ? error.message : error}`);
        });
      },
      stopping: async () => {
        await streaming;
      },
    });
  } finally {
    (simulated as DemoWorld | null)?.remove();
  }
}

/** Runs on a simulated log and prints the summary. */
async function runOn(home: string, { log, truth }: DemoWorld, context: Context): Promise<void> {
  const document = await run(
    home,
    { paths: [log], ingest: {}, training: trainOptions({}, context), truth },
    context.world,
  );
  context.progress.done();
  if (!context.json) process.stdout.write(renderSummary(document, context));
}
