import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { RefrainError } from "../base/errors.js";
import { asInstant } from "../base/time.js";
import type { World } from "../base/world.js";
import { DEFAULT_SEED } from "../evaluate/splits.js";
import { type Config, THREADS_MAX } from "../schema/config.js";
import { configOf } from "./config-file.js";
import { Progress } from "./progress.js";

export interface GlobalOptions {
  readonly home?: string;
  readonly json?: boolean;
  readonly seed?: string;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly config?: string;
  readonly threads?: string;
}

/** What a command works with: where the home is, the world, and how to answer. */
export interface Context {
  readonly home: string;
  readonly world: World;
  readonly progress: Progress;
  readonly json: boolean;
  readonly color: boolean;
  readonly width: number;
  /** What the file of `--config` and the environment say, where no flag does. */
  readonly config: Config;
  /** The answer: one JSON document with --json, else the text (if any). */
  answer(document: unknown, text: string): void;
}

/** Turns the global options and the environment into a context. Fails with VALUE_BAD. */
export function contextOf(options: GlobalOptions, signal: AbortSignal): Context {
  const json = options.json === true;
  const progress = new Progress({
    quiet: options.quiet === true,
    verbose: options.verbose === true,
    interactive: process.stderr.isTTY === true && !json,
  });
  const config = withFlags(configOf(options.config, process.env), options);
  const threads = wholeNumber("--threads", options.threads, config.threads ?? availableParallelism());
  if (threads < 1 || threads > THREADS_MAX) {
    throw new RefrainError("VALUE_BAD", { name: "--threads", value: threads, advice: `Give 1 to ${THREADS_MAX}.` });
  }
  return {
    home: resolve(options.home ?? config.home ?? ".refrain"),
    progress,
    config,
    json,
    color: process.stdout.isTTY === true && !process.env.NO_COLOR,
    width: Math.min(120, Math.max(80, process.stdout.columns ?? 100)),
    world: {
      now: () => asInstant(Date.now()),
      seed: wholeNumber("--seed", options.seed, config.seed ?? DEFAULT_SEED),
      threads,
      log: progress,
      signal,
    },
    answer(document, text) {
      process.stdout.write(
        json ? `${JSON.stringify(document)}\n` : text === "" || text.endsWith("\n") ? text : `${text}\n`,
      );
    },
  };
}

/** `--quiet` and `--verbose` are the flags of `logLevel`. */
function withFlags(config: Config, { quiet, verbose }: GlobalOptions): Config {
  if (verbose === true) return { ...config, logLevel: "debug" };
  return quiet === true ? { ...config, logLevel: "warn" } : config;
}

export function wholeNumber(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!/^\d{1,15}$/.test(text)) throw badNumber(name, text);
  return Number(text);
}

function badNumber(name: string, value: string): RefrainError {
  return new RefrainError("VALUE_BAD", { name, value, advice: "Give a whole number, for example 7." });
}
