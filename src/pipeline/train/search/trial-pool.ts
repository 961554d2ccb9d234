import { assert } from "../../../base/assert.js";
import type { World } from "../../../base/world.js";
import type { Learner } from "../../../evaluate/learner.js";
import { WorkerPool, workerUrl } from "../../threads.js";
import type { LearnerSpec } from "../learners.js";
import { pause } from "../pause.js";
import { evaluatorOf, type SearchWork, type TrialTask } from "./search-work.js";

/** Rows that all trials learn from together below which starting threads takes longer than they save. */
const ROWS_FOR_THREADS = 20_000;

export interface TrialPool {
  run(task: TrialTask): Promise<readonly Float64Array[]>;
  close(): Promise<void>;
}

/** What a worker gets to know. */
export interface SearchWorkerData {
  readonly work: SearchWork;
  readonly spec: LearnerSpec;
  readonly seed: number;
}

/**
 * Runs trials in as many threads as there are, or here where they are few or the learner is none that a thread can make. The scores are
 * the same.
 *
 * @param spec how a thread makes the learner; null where it cannot
 * @param trials about how many there will be
 */
export function trialPool(
  work: SearchWork,
  { learner, spec, trials }: { readonly learner: Learner; readonly spec: LearnerSpec | null; readonly trials: number },
  world: World,
): TrialPool {
  const rows = work.data.y.length * trials;
  if (spec === null || world.threads === 1 || rows < ROWS_FOR_THREADS) {
    const evaluate = evaluatorOf(work, learner, world);
    return {
      run: async (task) => {
        await pause(world);
        return evaluate(task);
      },
      close: async () => {},
    };
  }
  const workerData: SearchWorkerData = { work: shared(work), spec, seed: world.seed };
  const pool = new WorkerPool(workerUrl("search-worker"), workerData, world);
  return {
    run: async (task) => {
      const scores = await pool.run(task);
      assert(Array.isArray(scores), "trials give scores");
      return scores as Float64Array[];
    },
    close: () => pool.close(),
  };
}

/** The same with its matrix in memory that threads share. */
function shared(work: SearchWork): SearchWork {
  const { x } = work.data;
  const data = new Float64Array(new SharedArrayBuffer(x.data.byteLength));
  data.set(x.data);
  const onShared = { ...x, data };
  return work.kind === "forward"
    ? { ...work, data: { ...work.data, x: onShared } }
    : { ...work, data: { ...work.data, x: onShared } };
}
