import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { World } from "../../src/base/world.js";
import { POINT_IN_TIME_SHAPE } from "../../src/evaluate/splits.js";
import { cancellation } from "../../src/labels/cancellation.js";
import { simulateToFiles } from "../../src/pipeline/simulate.js";
import type { TrainOptions } from "../../src/pipeline/train/options.js";
import { PROCEDURE } from "../../src/pipeline/train/procedure.js";
import { SIMULATE_DEFAULTS, type SimulateOptions } from "../../src/simulate/options.js";
import type { TestEvent } from "./ingest-fixture.js";

/** Training at the models' defaults: quick, and all that a test of the pipeline needs. */
export const UNTUNED: TrainOptions = {
  models: ["logistic"],
  search: "none",
  seeds: 0,
  label: cancellation,
  shape: POINT_IN_TIME_SHAPE,
};

/** Most of a training are the null audits; where a test is not about them, a few draws show that they are run. */
export const FEW_DRAWS = { ...PROCEDURE, draws: 3 };

/** A simulated log and its truth in `folder`. */
export async function simulatedLog(
  folder: string,
  changes: Partial<SimulateOptions>,
  world: World,
): Promise<{ log: string; truth: string }> {
  const files = { out: join(folder, "log.jsonl"), truth: join(folder, "truth.jsonl") };
  await simulateToFiles({ ...SIMULATE_DEFAULTS, ...changes }, files, world);
  return { log: files.out, truth: files.truth };
}

/** The first `most` events of a simulated log, as they came. */
export async function simulatedEvents(
  folder: string,
  changes: Partial<SimulateOptions>,
  world: World,
  most = Number.POSITIVE_INFINITY,
): Promise<TestEvent[]> {
  const { log } = await simulatedLog(folder, changes, world);
  const lines = readFileSync(log, "utf8").trimEnd().split("\n");
  return lines.slice(0, most).map((line) => JSON.parse(line) as TestEvent);
}
