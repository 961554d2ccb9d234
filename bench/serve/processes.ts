import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { freePort } from "../../harness/free-port.js";
import { PEERS } from "../measure.js";
import { onServerCore } from "./pins.js";

const CLI = resolve("dist/cli/main.js");
const START_SECONDS_MAX = 300;
export const NODE_OPTIONS = "--max-semi-space-size=64";

/** A server that listens. */
export interface Running {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** `refrain serve` on a home, as a process of its own, without a line in its log for each request, as the peers have none. */
export async function startRefrain(home: string, databaseUrl: string | null): Promise<Running & { key: string }> {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    // As docs/operations.md says under "Under load".
    NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ""} ${NODE_OPTIONS}`.trim(),
    REFRAIN_LOG_LEVEL: "warn",
    REFRAIN_REQUESTS_PER_SECOND: "1000000",
    ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }),
  };
  const made = execFileSync(process.execPath, [CLI, "--home", home, "keys", "create", "--role", "writer"], { env });
  const key = /rfr_[0-9a-f_]+/.exec(made.toString())?.[0] ?? "";
  const port = await freePort();
  const command = [process.execPath, CLI, "--home", home, "serve", "--port", String(port)];
  const url = `http://127.0.0.1:${port}`;
  return { key, ...(await started(command, { env, url, health: "/users/nobody", key })) };
}

/** The FastAPI service in one of its modes, with one worker. */
export async function startPeer(python: string, mode: string, features: string): Promise<Running> {
  const port = await freePort();
  const command = [python, "serve_fastapi.py", "--features", features, "--mode", mode, "--port", String(port)];
  const url = `http://127.0.0.1:${port}`;
  return started(command, { env: process.env, url, health: "/health", cwd: PEERS });
}

async function started(
  command: readonly string[],
  given: { env: NodeJS.ProcessEnv; url: string; health: string; cwd?: string; key?: string },
): Promise<Running> {
  const [program = "", ...args] = onServerCore(command);
  const child = spawn(program, args, { env: given.env, cwd: given.cwd, stdio: ["ignore", "ignore", "pipe"] });
  const errors: string[] = [];
  child.stderr.on("data", (text: Buffer) => errors.push(text.toString()));
  try {
    await untilHealthy(child, given);
  } catch (error) {
    child.kill("SIGKILL");
    throw new Error(`${command.join(" ")} did not start: ${errors.join("").slice(-2_000)}`, { cause: error });
  }
  return { url: given.url, pid: child.pid ?? 0, stop: () => stopped(child) };
}

async function untilHealthy(child: ChildProcess, { url, health, key }: Parameters<typeof started>[1]): Promise<void> {
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  for (let waited = 0; waited < START_SECONDS_MAX; waited += 0.2) {
    if (child.exitCode !== null) break;
    const answer = await fetch(`${url}${health}`, { headers }).catch(() => null);
    await answer?.text();
    // Refrain without a model, or without a user of that name, is there all the same; while it opens its store it answers 503.
    if (answer !== null && answer.status < 500) return;
    await setTimeout(200);
  }
  throw new Error("it does not answer");
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGINT");
  await ended;
}

/** Resident memory of a process, in MiB. */
export function residentMiB(pid: number): number {
  const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(join("/proc", String(pid), "status"), "utf8"))?.[1];
  return Number(kib) / 1024;
}
