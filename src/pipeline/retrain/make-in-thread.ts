import type { World } from "../../base/world.js";
import type { ModelFile } from "../../registry/model-file.js";
import { recoverIfNeeded } from "../recover.js";
import { WorkerPool, workerUrl } from "../threads.js";
import type { Candidate } from "./candidate.js";
import type { CandidateRule, MakeCandidate } from "./make.js";
import type { MakerData, MakeTask } from "./make-worker.js";

/** In a thread of its own, so that requests are answered meanwhile; it leaves one core to them where there are several. */
export function makeInThread(home: string, rule: CandidateRule): MakeCandidate {
  const run = async <T>(task: MakeTask, world: World): Promise<T> => {
    await recoverIfNeeded(home, world);
    const threads = Math.max(1, world.threads - 1);
    const data: MakerData = { home, rule, seed: world.seed, threads, nowMs: world.now() };
    const pool = new WorkerPool(workerUrl("retrain/make-worker"), data, { ...world, threads: 1 });
    try {
      return (await pool.run(task, (said, reply) => {
        world.log.info(String(said));
        reply();
      })) as T;
    } finally {
      await pool.close();
    }
  };
  return {
    candidate: (champion, positivesMin, world) => run<Candidate>({ kind: "candidate", champion, positivesMin }, world),
    refit: (candidate, champion, world) => run<ModelFile>({ kind: "refit", candidate, champion }, world),
  };
}
