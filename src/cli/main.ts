#!/usr/bin/env node
import { existsSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { RefrainError } from "../base/errors.js";
import { VERSION } from "../server/version.js";
import { homePaths } from "../store/home-paths.js";
import { type Context, contextOf, type GlobalOptions } from "./context.js";
import { onInterrupts } from "./interrupts.js";
import type { Act, Register } from "./register.js";
import { pathRefused } from "./system-error.js";

/** Loaded when they are named: the libraries behind a command take longer to load than some commands to run. */
const COMMANDS: Readonly<Record<string, () => Promise<Register>>> = {
  demo: async () => (await import("./commands/demo.js")).demoCommand,
  run: async () => (await import("./commands/run.js")).runCommand,
  simulate: async () => (await import("./commands/simulate.js")).simulateCommand,
  ingest: async () => (await import("./commands/ingest.js")).ingestCommand,
  recover: async () => (await import("./commands/recover.js")).recoverCommand,
  explore: async () => (await import("./commands/explore.js")).exploreCommand,
  features: async () => (await import("./commands/features.js")).featuresCommand,
  train: async () => (await import("./commands/train.js")).trainCommand,
  audit: async () => (await import("./commands/audit.js")).auditCommand,
  retrain: async () => (await import("./commands/retrain.js")).retrainCommand,
  predict: async () => (await import("./commands/predict.js")).predictCommand,
  drift: async () => (await import("./commands/drift.js")).driftCommand,
  quality: async () => (await import("./commands/quality.js")).qualityCommand,
  kpis: async () => (await import("./commands/kpis.js")).kpisCommand,
  alerts: async () => (await import("./commands/alerts.js")).alertsCommand,
  models: async () => (await import("./commands/models.js")).modelsCommand,
  serve: async () => (await import("./commands/serve.js")).serveCommand,
  compact: async () => (await import("./commands/compact.js")).compactCommand,
  backup: async () => (await import("./commands/backup.js")).backupCommands,
  restore: async () => (await import("./commands/backup.js")).backupCommands,
  doctor: async () => (await import("./commands/doctor.js")).doctorCommand,
  erase: async () => (await import("./commands/erase.js")).eraseCommand,
  keys: async () => (await import("./commands/keys.js")).keysCommand,
  report: async () => (await import("./commands/report.js")).reportCommand,
};

/** Commands whose names are among the words; all of them where none is, for help and for telling what there is. */
async function commandsIn(argv: readonly string[]): Promise<Register[]> {
  if (["--version", "-V"].includes(argv[0] ?? "")) return [];
  const named = Object.entries(COMMANDS).filter(([name]) => argv.includes(name));
  const wanted = named.length === 0 || argv.includes("help") ? Object.entries(COMMANDS) : named;
  return [...new Set(await Promise.all(wanted.map(([, load]) => load())))];
}

function program(commands: readonly Register[], signal: AbortSignal): Command {
  const root = new Command("refrain")
    .description("Honest churn prediction for music streaming: from raw event logs to scores with reasons.")
    .version(VERSION)
    .option("--home <dir>", "home folder (default: REFRAIN_HOME, else .refrain)")
    .option("--json", "one JSON document on stdout, nothing else there")
    .option("--seed <n>", "seed of everything that is drawn")
    .option("--quiet", "no progress")
    .option("--verbose", "say more, and show stacks")
    .option("--config <file>", "a JSON file of settings: docs/configuration.md")
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
        if (existsSync(homePaths(context.home).pendingErasure)) {
          await (await import("./finish-erasure.js")).finishInterrupted(context);
        }
        process.exitCode = (await work(context, ...(args.slice(0, -1) as A))) ?? 0;
      } finally {
        context.progress.done();
      }
    };
  for (const register of commands) register(root, act);
  for (const command of root.commands) command.exitOverride().configureOutput({ writeErr: () => {} });
  return root;
}

async function main(argv: readonly string[]): Promise<void> {
  const stop = new AbortController();
  onInterrupts(stop);
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
  });
  try {
    const root = program(await commandsIn(argv), stop.signal);
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
  const refused = pathRefused(error);
  if (refused !== null) return refused;
  return new RefrainError("INTERNAL", { reason: error instanceof Error ? error.message : String(error) }, error);
}

await main(process.argv.slice(2));
