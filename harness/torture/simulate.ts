import { join } from "node:path";
import { simulateToFiles } from "#src/pipeline/simulate.js";
import { SIMULATE_DEFAULTS } from "#src/simulate/options.js";
import { QUIET_WORLD } from "../world.js";
import { keyOf } from "./held.js";
import { readLog, type SentEvent } from "./load.js";

/** A SIMULATED log with logged-out rows; each event once. */
export async function simulatedEvents(
  folder: string,
  { users, days, seed }: { users: number; days: number; seed: number },
): Promise<{ readonly path: string; readonly events: SentEvent[] }> {
  const path = join(folder, `simulated-${users}-${days}-${seed}.jsonl`);
  await simulateToFiles({ ...SIMULATE_DEFAULTS, users, days, seed }, { out: path, truth: null }, QUIET_WORLD);
  return { path, events: [...new Map(readLog(path).map((event) => [keyOf(event), event])).values()] };
}
