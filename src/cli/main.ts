#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { RefrainError } from "../base/errors.js";
import { demoCommand } from "./commands/demo.js";
import { featuresCommand } from "./commands/features.js";
import { ingestCommand } from "./commands/ingest.js";
import { modelsCommand } from "./commands/models.js";
import { predictCommand } from "./commands/predict.js";
import { recoverCommand } from "./commands/recover.js";
import { reportCommand } from "./commands/report.js";
import { runCommand } from "./commands/run.js";
import { simulateCommand } from "./commands/simulate.js";
import { trainCommand } from "./commands/train.js";
import { type Context, contextOf, type GlobalOptions } from "./context.js";
import type { Act, Register } from "./register.js";
import { VERSION } from "./version.js";

const COMMANDS: readonly Register[] = [
  demoCommand,
  runCommand,
  simulateCommand,
  ingestCommand,
  recoverCommand,
  featuresCommand,
  trainCommand,
  predictCommand,
  modelsCommand,
  reportCommand,
];

function program(signal: AbortSignal): Command {
  const root = new Command("refrain")
    .description("Honest churn prediction for music streaming: from raw event logs to scores with reasons.")
    .version(VERSION)
    .option("--home <dir>", "home folder (default: REFRAIN_HOME, else .refrain)")
    .option("--json", "one JSON document on stdout, nothing else there")
    .option("--seed <n>", "seed of everything that is drawn")
    .option("--quiet", "no progress")
    .option("--verbose", "say more, and show stacks")
    .option("--config <file>", "a JSON file with home, seed or threads")
    .option("--threads <n>", "threads to use (default: all cores)")
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .showHelpAfterError(false);
  const act: Act =
    <A extends unknown[]>(work: (context: Context, ...args: A) => Promise<number | undefined>) =>
    async (...args: unknown[]) => {
      const command = args.at(-1) as Command;
      const context = contextOf(command.optsWithGlobals<GlobalOptions>(), signal);
      try {
        process.exitCode = (await work(context, ...(args.slice(0, -1) as A))) ?? 0;
      } finally {
        context.progress.done();
      }
    };
  for (const register of COMMANDS) register(root, act);
  for (const command of root.commands) command.exitOverride().configureOutput({ writeErr: () => {} });
  return root;
}

async function main(argv: readonly string[]): Promise<void> {
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.once(name, () => {
      stop.abort();
      setTimeout(() => process.exit(130), 5_000).unref();
    });
  }
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
  });
  try {
    const root = program(stop.signal);
    if (argv.length === 0) root.outputHelp();
    else await root.parseAsync(argv, { from: "user" });
  } catch (error) {
    fail(error, argv);
  }
}

/** One line what, one line what to do, the stable code; with --json the same as a document. */
function fail(error: unknown, argv: readonly string[]): void {
  if (error instanceof CommanderError && error.exitCode === 0) return;
  const known = expected(error);
  process.exitCode = known.exit;
  if (argv.includes("--json")) process.stdout.write(`${JSON.stringify({ error: known })}\n`);
  process.stderr.write(`${known.message} [${known.code}]\n${known.hint}\n`);
  const stack = error instanceof Error ? error.stack : undefined;
  if (argv.includes("--verbose") && stack !== undefined) process.stderr.write(`${stack}\n`);
}

function expected(error: unknown): RefrainError {
  if (error instanceof RefrainError) return error;
  if (error instanceof CommanderError) {
    const reason = error.code === "commander.help" ? "no command is named" : error.message.replace(/^error: /, "");
    return new RefrainError("USAGE", { reason });
  }
  return new RefrainError("INTERNAL", { reason: error instanceof Error ? error.message : String(error) }, error);
}

await main(process.argv.slice(2));
