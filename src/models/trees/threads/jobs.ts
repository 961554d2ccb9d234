import { binJob } from "../bin-column.js";
import { rowJob, splitJob } from "../evaluator.js";
import { gradientJob } from "../gradients.js";
import { forestJob } from "../grow-forest.js";

/** Does the job of a number; what it answers, if anything, must be such that it can be sent to another thread. */
export type Job = (index: number, argument: number) => unknown;

/**
 * What threads can do: from what is prepared once and the number of the thread (0 is the one that asks) to how a job is done. A job's
 * answer must depend on nothing but its number, the round's argument and what lies in shared memory before the round.
 */
const JOBS = {
  bins: binJob,
  gradients: gradientJob,
  rows: rowJob,
  splits: splitJob,
  trees: forestJob,
} as const satisfies Record<string, (setup: never, thread: number) => Job>;

export type JobKind = keyof typeof JOBS;
export type SetupOf<K extends JobKind> = Parameters<(typeof JOBS)[K]>[0];

export const JOB_KINDS = Object.keys(JOBS) as readonly JobKind[];

export function jobOf<K extends JobKind>(kind: K, setup: SetupOf<K>, thread: number): Job {
  const make = JOBS[kind] as (setup: SetupOf<K>, thread: number) => Job;
  return make(setup, thread);
}
