import { workerData } from "node:worker_threads";
import { asInstant } from "../base/time.js";
import type { World } from "../base/world.js";
import { serveTasks } from "./serve-tasks.js";
import { learnerFor } from "./train/learners.js";
import { evaluatorOf, type TrialTask } from "./train/search/search-work.js";
import type { SearchWorkerData } from "./train/search/trial-pool.js";

/** Evaluates trials of a search; what they work on lies in shared memory. */
const { work, spec, seed } = workerData as SearchWorkerData;

const world: World = {
  now: () => asInstant(0),
  seed,
  threads: 1,
  log: { debug() {}, info() {}, warn() {} },
  signal: { aborted: false },
};
const evaluate = evaluatorOf(work, learnerFor(spec), world);

serveTasks(async (task) => {
  const value = evaluate(task as TrialTask);
  return { value, transfer: value.flatMap(({ buffer }) => (buffer instanceof ArrayBuffer ? [buffer] : [])) };
});
