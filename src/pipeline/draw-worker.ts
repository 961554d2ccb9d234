import { workerData } from "node:worker_threads";
import { asInstant } from "../base/time.js";
import type { World } from "../base/world.js";
import { nestedFit } from "../evaluate/nested-fit.js";
import { serveTasks } from "./serve-tasks.js";
import { type LearnerSpec, learnerFor } from "./train/learners.js";
import { type NullDraw, type NullWork, scoreDraw } from "./train/null-draws.js";

/** Scores draws; what they work on lies in shared memory. */
const { work, spec, seed } = workerData as { work: NullWork; spec: LearnerSpec; seed: number };

const world: World = {
  now: () => asInstant(0),
  seed,
  threads: 1,
  log: { debug() {}, info() {}, warn() {} },
  signal: { aborted: false },
};
const learner = learnerFor(spec);

serveTasks(async (task) => {
  return { value: scoreDraw(work, task as NullDraw, { learner, fit: nestedFit }, world) };
});
