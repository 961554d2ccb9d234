import { once } from "node:events";
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { finished } from "node:stream/promises";
import { MS_PER_DAY } from "../base/time.js";
import type { World } from "../base/world.js";
import { simulateToFiles } from "../pipeline/simulate.js";
import { SIMULATE_DEFAULTS } from "../simulate/options.js";

/** Days that go on live after the log. */
const LIVE_DAYS = 7;

/** A SIMULATED world in a temporary folder: the log to learn from, its truth, and what happens after it. */
export interface DemoWorld {
  readonly log: string;
  readonly truth: string;
  readonly stream: string;
  remove(): void;
}

export async function demoWorld(users: number, world: World): Promise<DemoWorld> {
  const folder = mkdtempSync(join(tmpdir(), "refrain-demo-"));
  const files = {
    whole: join(folder, "whole.jsonl"),
    log: join(folder, "listeners.jsonl"),
    truth: join(folder, "truth.jsonl"),
    stream: join(folder, "stream.jsonl"),
  };
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const { days, start } = SIMULATE_DEFAULTS;
    const options = { ...SIMULATE_DEFAULTS, users, seed: world.seed, days: days + LIVE_DAYS };
    await simulateToFiles(options, { out: files.whole, truth: files.truth }, world);
    await split(files.whole, { before: files.log, after: files.stream, atMs: start + days * MS_PER_DAY });
    rmSync(files.whole);
    return { ...files, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** A log in the order of time as two: what happened before a moment, and after. */
async function split(path: string, { before, after, atMs }: { before: string; after: string; atMs: number }) {
  const [first, second] = [createWriteStream(before), createWriteStream(after)];
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const { ts } = JSON.parse(line) as { ts: number };
    const file = ts < atMs ? first : second;
    if (!file.write(`${line}\n`)) await once(file, "drain");
  }
  for (const file of [first, second]) file.end();
  await Promise.all([finished(first), finished(second)]);
}
