import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";

/** Whether server and client can have a core each. */
const isPinned = availableParallelism() >= 2;
const SERVER_CORE = "0";
const CLIENT_CORES = `1-${availableParallelism() - 1}`;

/** A command that runs on the server's core, where there are two or more. */
export function onServerCore(command: readonly string[]): readonly string[] {
  return isPinned ? ["taskset", "-c", SERVER_CORE, ...command] : command;
}

/** Keeps this process, and wrk, which it starts, off the server's core. */
export function pinClient(): void {
  if (isPinned) execFileSync("taskset", ["-a", "-cp", CLIENT_CORES, String(process.pid)]);
}

export const PINS = isPinned
  ? `server on core ${SERVER_CORE}, client on ${CLIENT_CORES}, PostgreSQL on any`
  : "server and client share one core";
