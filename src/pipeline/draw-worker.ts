import { workerData } from "node:worker_threads";
import { asInstant } from "../base/time.js";
import type { World } from "../base/world.js";
import { nestedFit } from "../evaluate/nested-fit.js";
import { serveTasks } from "./serve-tasks.js";
import { type NullDraw, type NullWork, scoreDraw } from "./train/null-draws.js";
import { forwardLearners } from "./train/options.js";

/** Scores draws; what they work on lies in shared memory. */
const { work, model, seed } = workerData as { work: NullWork; model: string; seed: number };

const world: World = {
  now: () => asInstant(0),
  seed,
  threads: 1,
  log: { debug() {}, info() {}, warn() {} },
  signal: { aborted: false },
};
const [learner] = forwardLearners([model], work.table.features);

serveTasks(async (task) => {
  if (learner === undefined) throw new Error(`no model is called ${model}`);
  return { value: scoreDraw(work, task as NullDraw, { learner, fit: nestedFit }, world) };
});
