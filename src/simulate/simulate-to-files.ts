import type { World } from "../base/world.js";
import type { SimulateOptions } from "./options.js";
import { type SimulateSummary, simulate } from "./simulate.js";
import { atomicFile } from "./write-log.js";

/**
 * Simulates into files, which appear when all is done and not before.
 *
 * @param files `log` takes JSON lines, one event each; `truth` the owners of the rows that name nobody
 */
export async function simulateToFiles(
  options: SimulateOptions,
  files: { readonly log: string; readonly truth: string | null },
  world: World,
): Promise<SimulateSummary> {
  const log = await atomicFile(files.log);
  const truth = files.truth === null ? null : await atomicFile(files.truth);
  const all = truth === null ? [log] : [truth, log];
  try {
    const summary = await simulate(options, { log, truth }, world);
    for (const file of all) await file.commit();
    return summary;
  } catch (error) {
    for (const file of all) await file.abandon();
    throw error;
  }
}
