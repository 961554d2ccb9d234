import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { compiledUrl } from "../../../base/compiled-url.js";
import type { World } from "../../../base/world.js";
import { awaitDone, type Control, claimJob, ringBell, SLOT } from "./control.js";
import { JOB_KINDS, type Job, type JobKind, jobOf, type SetupOf } from "./jobs.js";

/** Does jobs 0 … count − 1, each once, in any order and on any thread; gives what they answered, by number. */
export type Round = (count: number, argument?: number) => unknown[];

/** Threads that do numbered jobs side by side while the one that asks waits; it does its share. */
export interface Crew {
  readonly threads: number;
  /** Tells all threads how jobs of a kind are done from now on: `setup` is copied to them, but for shared memory in it. */
  prepare<K extends JobKind>(kind: K, setup: SetupOf<K>): Round;
  /** Lets the threads go. */
  end(): void;
}

/** Cells looked at below which starting threads takes longer than they save. */
const CELLS_FOR_THREADS = 5e7;

/**
 * The threads for a training that looks at so many cells of a table: as many as the world has, or this one alone where it is small.
 * What is trained does not depend on it.
 */
export function crewFor(cells: number, { threads }: Pick<World, "threads">): Crew {
  return crewOf(cells < CELLS_FOR_THREADS ? 1 : threads);
}

/** As many threads as given, this one among them. */
export function crewOf(threads: number): Crew {
  return threads > 1 ? new ThreadCrew(threads) : ALONE;
}

const ALONE: Crew = {
  threads: 1,
  prepare(kind, setup) {
    const job = jobOf(kind, setup, 0);
    return (count, argument = 0) => Array.from({ length: count }, (_, index) => job(index, argument));
  },
  end() {},
};

/** What is sent to threads before their first job of a kind. */
export interface Preparation {
  readonly kind: JobKind;
  readonly setup: unknown;
}

/** What a thread says of a job that answered something, or failed. */
export interface Answer {
  readonly index: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** What a thread is started with; it is number `thread`, from 1. */
export interface ThreadData {
  readonly control: Control;
  readonly port: MessagePort;
  readonly thread: number;
}

class ThreadCrew implements Crew {
  readonly threads: number;
  private readonly control: Control = new Int32Array(new SharedArrayBuffer(4 * SLOT.count));
  private readonly workers: { readonly worker: Worker; readonly port: MessagePort }[] = [];

  constructor(threads: number) {
    this.threads = threads;
    const url = new URL(compiledUrl(new URL("./crew-thread.js", import.meta.url).href));
    for (let thread = 1; thread < threads; thread++) {
      const { port1, port2 } = new MessageChannel();
      const workerData: ThreadData = { control: this.control, port: port2, thread };
      // No options of the main process: some, such as --input-type, keep a thread from starting.
      const worker = new Worker(url, { workerData, transferList: [port2], execArgv: [] });
      worker.unref();
      port1.unref();
      this.workers.push({ worker, port: port1 });
    }
  }

  prepare<K extends JobKind>(kind: K, setup: SetupOf<K>): Round {
    const preparation: Preparation = { kind, setup };
    for (const { port } of this.workers) port.postMessage(preparation);
    Atomics.add(this.control, SLOT.preparations, 1);
    const job = jobOf(kind, setup, 0);
    return (count, argument = 0) => this.round(kind, job, count, argument);
  }

  end(): void {
    for (const { worker, port } of this.workers) {
      port.close();
      void worker.terminate();
    }
  }

  /** A thread that has not started yet claims nothing, and so is not waited for. */
  private round(kind: JobKind, job: Job, count: number, argument: number): unknown[] {
    const { control } = this;
    const answers = new Array<unknown>(count);
    control[SLOT.kind] = JOB_KINDS.indexOf(kind);
    control[SLOT.argument] = argument;
    Atomics.store(control, SLOT.done, 0);
    Atomics.store(control, SLOT.left, count);
    if (count > 1) ringBell(control);
    let own = 0;
    for (let index = claimJob(control); index >= 0; index = claimJob(control)) {
      answers[index] = job(index, argument);
      own++;
    }
    for (let done = Atomics.load(control, SLOT.done); done < count - own; done = Atomics.load(control, SLOT.done)) {
      awaitDone(control, done);
    }
    if (own < count) this.collect(answers);
    return answers;
  }

  private collect(answers: unknown[]): void {
    for (const { port } of this.workers) {
      for (let got = receiveMessageOnPort(port); got !== undefined; got = receiveMessageOnPort(port)) {
        const { index, value, error } = got.message as Answer;
        if (error !== undefined) throw new Error(`a training thread failed: ${error}`);
        answers[index] = value;
      }
    }
  }
}
