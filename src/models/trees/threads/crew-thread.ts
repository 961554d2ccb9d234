import { receiveMessageOnPort, workerData } from "node:worker_threads";
import { awaitBell, claimJob, SLOT, sayDone } from "./control.js";
import type { Answer, Preparation, ThreadData } from "./crew.js";
import { JOB_KINDS, type Job, type JobKind, jobOf } from "./jobs.js";

/** A thread of a crew: does jobs until it is terminated. */

const { control, port, thread } = workerData as ThreadData;
const jobs = new Map<JobKind, Job>();
let known = 0;

/** Of a kind prepared anew only the last counts: its jobs come after it. */
function learn(): void {
  for (; known < Atomics.load(control, SLOT.preparations); known++) {
    const { message } = receiveMessageOnPort(port) as { message: Preparation };
    jobs.set(message.kind, jobOf(message.kind, message.setup as never, thread));
  }
}

function answer(index: number): void {
  try {
    learn();
    const kind = JOB_KINDS[control[SLOT.kind] ?? -1] as JobKind;
    const value = jobs.get(kind)?.(index, control[SLOT.argument] ?? 0);
    if (value !== undefined) port.postMessage({ index, value } satisfies Answer);
  } catch (error) {
    port.postMessage({ index, error: String(error) } satisfies Answer);
  }
  sayDone(control);
}

for (;;) {
  const bell = Atomics.load(control, SLOT.bell);
  for (let index = claimJob(control); index >= 0; index = claimJob(control)) answer(index);
  awaitBell(control, bell);
}
