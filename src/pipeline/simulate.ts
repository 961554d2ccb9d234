import { mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { World } from "../base/world.js";
import type { SimulateOptions } from "../simulate/options.js";
import { type SimulateSummary, simulate } from "../simulate/simulate.js";
import { type AtomicFile, atomicFile } from "../simulate/write-log.js";

/** Simulates into files that appear whole or not at all. */
export async function simulateToFiles(
  options: SimulateOptions,
  { out, truth }: { out: string; truth: string | null },
  world: World,
): Promise<SimulateSummary> {
  const files: AtomicFile[] = [];
  const opened = async (path: string): Promise<AtomicFile> => {
    mkdirSync(dirname(resolve(path)), { recursive: true });
    const file = await atomicFile(path);
    files.push(file);
    return file;
  };
  try {
    const sink = { log: await opened(out), truth: truth === null ? null : await opened(truth) };
    const summary = await simulate(options, sink, world);
    for (const file of files) await file.commit();
    return summary;
  } catch (error) {
    for (const file of files) await file.abandon();
    throw error;
  }
}
