import type { Command } from "commander";
import type { Context } from "./context.js";

/** Wraps a command's work in its context; what it returns is the exit code (nothing is 0). */
export type Act = <A extends unknown[]>(
  work: (context: Context, ...args: A) => Promise<number | undefined>,
) => (...args: unknown[]) => Promise<void>;

/** Adds one command to the program. */
export type Register = (root: Command, act: Act) => void;
