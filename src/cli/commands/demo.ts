import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RefrainError } from "../../base/errors.js";
import { run } from "../../pipeline/run.js";
import { openScorer } from "../../pipeline/serving.js";
import { simulateToFiles } from "../../pipeline/simulate.js";
import { renderSummary } from "../../report/terminal.js";
import { buildApp } from "../../server/app.js";
import { listen } from "../../server/listen.js";
import { SIMULATE_DEFAULTS } from "../../simulate/options.js";
import { type Context, wholeNumber } from "../context.js";
import type { Register } from "../register.js";
import { lateServing } from "../serving-state.js";
import { trainOptions } from "../training-options.js";
import { untilAborted } from "../until-aborted.js";

const DEMO_USERS = 600;
const DEMO_PORT = 8000;
/** The demo is for this machine only: its routes ask for no key. */
const LOOPBACK = "127.0.0.1";
const OPEN_TO_THIS_MACHINE = { roleOf: async () => null, keyless: "writer" } as const;

export const demoCommand: Register = (root, act) =>
  root
    .command("demo")
    .description("simulate listeners, run the main job on them, and serve the result on 127.0.0.1")
    .option("--port <n>", `port (default: ${DEMO_PORT})`)
    .option("--users <n>", `simulated listeners (default: ${DEMO_USERS})`)
    .action(
      act(async (context, flags: { port?: string; users?: string }) => {
        const port = wholeNumber("--port", flags.port, DEMO_PORT);
        if (port > 65_535)
          throw new RefrainError("VALUE_BAD", { name: "--port", value: port, advice: "Give a port up to 65535." });
        const { serving, fill } = lateServing();
        const app = buildApp({ serving, world: context.world, hostRule: "loopback", guard: OPEN_TO_THIS_MACHINE });
        // The port is taken first: a demo that cannot be reached should not cost a minute to find out.
        const address = await listen(app, { host: LOOPBACK, port });
        try {
          const users = wholeNumber("--users", flags.users, DEMO_USERS);
          const home = demoHome(context, users);
          const report = await simulateAndRun(home, users, context);
          fill(await openScorer(home, context.world), report);
          context.progress.done();
          context.answer({ address, simulated: true }, `\nOpen ${address} (Ctrl-C stops it)`);
          await untilAborted(context.world.signal as AbortSignal);
        } finally {
          await app.close();
        }
        return 130;
      }),
    );

/** A home of its own for each simulated world: made-up listeners must not get among real ones, nor one world's among another's. */
function demoHome({ home, world }: Context, users: number): string {
  return join(home, "demo", `${users}-users-seed-${world.seed}`);
}

/** Runs on a fresh simulated log and prints the summary; returns the report's page. */
async function simulateAndRun(home: string, users: number, context: Context): Promise<string> {
  const { world, json } = context;
  const folder = mkdtempSync(join(tmpdir(), "refrain-demo-"));
  const [log, truth] = [join(folder, "listeners.jsonl"), join(folder, "truth.jsonl")];
  try {
    world.log.info(`Simulating ${users} listeners`);
    await simulateToFiles({ ...SIMULATE_DEFAULTS, users, seed: world.seed }, { out: log, truth }, world);
    const training = trainOptions({}, context);
    const document = await run(home, { paths: [log], ingest: {}, training, truth }, world);
    context.progress.done();
    if (!json) process.stdout.write(renderSummary(document, context));
    return readFileSync(document.files.report ?? "", "utf8");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
