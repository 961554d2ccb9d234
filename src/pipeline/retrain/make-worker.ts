import { workerData } from "node:worker_threads";
import { asInstant } from "../../base/time.js";
import type { World } from "../../base/world.js";
import type { ModelFile } from "../../registry/model-file.js";
import { type SendProgress, serveTasks } from "../serve-tasks.js";
import { type CandidateRule, makeHere } from "./make.js";

export interface MakerData {
  readonly home: string;
  readonly rule: CandidateRule;
  readonly seed: number;
  readonly threads: number;
  readonly nowMs: number;
}

export type MakeTask =
  | { readonly kind: "candidate"; readonly champion: ModelFile; readonly positivesMin: number }
  | { readonly kind: "refit"; readonly candidate: ModelFile; readonly champion: ModelFile };

const { home, rule, seed, threads, nowMs } = workerData as MakerData;
const make = makeHere(home, rule);

serveTasks(async (given, send) => {
  const task = given as MakeTask;
  const world = worldOf(send);
  const value =
    task.kind === "candidate"
      ? await make.candidate(task.champion, task.positivesMin, world)
      : await make.refit(task.candidate, task.champion, world);
  return { value };
});

/** Who waits for it ends the thread: nothing in it has to be broken off. */
function worldOf(send: SendProgress): World {
  return {
    now: () => asInstant(nowMs),
    seed,
    threads,
    log: { debug() {}, info: (text) => void send(text), warn: (text) => void send(text) },
    signal: { aborted: false },
  };
}
