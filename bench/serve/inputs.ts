import { execFileSync } from "node:child_process";
import { createReadStream, mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { PEERS } from "../measure.js";
import type { Running } from "./processes.js";

const CLI = resolve("dist/cli/main.js");
const refrain = (...args: string[]) => execFileSync(process.execPath, [CLI, ...args], { stdio: "pipe" });

/** A home with a model of a SIMULATED log, and its users. */
export interface Trained {
  readonly home: string;
  readonly users: readonly string[];
}

export function trainedHome(folder: string): Trained {
  const [log, home] = [join(folder, "log.jsonl"), join(folder, "home")];
  refrain("simulate", "--users", "300", "--days", "63", "--seed", "5", "--out", log);
  refrain("--home", home, "run", log);
  const path = join(home, "reports", "scores.json");
  const scores = JSON.parse(readFileSync(path, "utf8")) as { users: { user_id: string }[] };
  return { home, users: scores.users.map(({ user_id }) => user_id) };
}

/** A body for `POST /predict` with every feature of the model, as they are of a user. */
export async function featuresBody({ url, key }: Running & { key: string }, user: string): Promise<string> {
  const ask = async (path: string): Promise<unknown> => {
    const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${key}` } });
    return answer.json();
  };
  const { features } = (await ask(`/users/${encodeURIComponent(user)}`)) as { features: Record<string, number | null> };
  const model = (await ask("/model/info")) as { features: string[] };
  return JSON.stringify({ features: Object.fromEntries(model.features.map((name) => [name, features[name] ?? null])) });
}

/** The first events of a SIMULATED log of 22,000 users, in its order. */
export async function liveLog(folder: string, count: number): Promise<string[]> {
  const log = join(folder, "live.jsonl");
  refrain("simulate", "--users", "22000", "--days", "1", "--seed", "2", "--out", log);
  const lines: string[] = [];
  for await (const line of createInterface({ input: createReadStream(log) })) {
    lines.push(line);
    if (lines.length === count) break;
  }
  return lines;
}

/** What the FastAPI service learns from, and the body that its load test sends. */
export function peerInputs(python: string, folder: string): { features: string; body: string } {
  const [log, truth, features] = [join(folder, "peer.jsonl"), join(folder, "truth.csv"), join(folder, "features.csv")];
  const peer = (...args: string[]) => execFileSync(python, args, { cwd: PEERS, stdio: "pipe" });
  peer("generate_log.py", "--users", "225", "--seed", "1", "--out", log, "--truth", truth);
  peer("batch_features.py", "--events", log, "--truth", truth, "--out", features);
  const payloads = join(folder, "payloads");
  mkdirSync(payloads);
  peer("serve_fastapi.py", "--features", features, "--payloads", payloads);
  return { features, body: readFileSync(join(payloads, "one.json"), "utf8") };
}
