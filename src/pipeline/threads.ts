import { Worker } from "node:worker_threads";
import { compiledUrl } from "../base/compiled-url.js";
import { type ErrorCode, type ErrorDetails, RefrainError } from "../base/errors.js";
import type { World } from "../base/world.js";

const SIGNAL_POLL_MS = 50;

/** Where a worker of `src/pipeline` lies compiled. */
export function workerUrl(name: string): URL {
  return new URL(compiledUrl(new URL(`./${name}.js`, import.meta.url).href));
}

/** What travels between a pool and its workers. */
export type WorkerMessage =
  | { readonly kind: "progress"; readonly value: unknown }
  | { readonly kind: "done"; readonly value: unknown }
  | { readonly kind: "refused"; readonly code: ErrorCode; readonly details: ErrorDetails }
  | { readonly kind: "failed"; readonly reason: string };

/** A message of a task on its way; `reply` lets the worker go on when it waits for that. */
export type OnProgress = (value: unknown, reply: () => void, thread: number) => void;

interface Running {
  readonly onProgress: OnProgress;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

interface Waiting extends Running {
  readonly task: unknown;
  readonly transfer: readonly ArrayBuffer[];
}

/**
 * Worker threads that take tasks in the order given. A task fails with the `RefrainError` or the message its worker
 * threw; when a worker dies or `world.signal` says stop, all that is left fails. `close` ends the threads.
 */
export class WorkerPool {
  private readonly workers: Worker[] = [];
  private readonly running = new Map<number, Running>();
  private readonly waiting: Waiting[] = [];
  private readonly poll: NodeJS.Timeout;
  private broken: Error | null = null;

  constructor(url: URL, workerData: unknown, world: World) {
    for (let thread = 0; thread < Math.max(1, world.threads); thread++) {
      // No options of the main process: some, such as --input-type, keep a thread from starting.
      const worker = new Worker(url, { workerData, execArgv: [] });
      worker.on("message", (message: WorkerMessage) => this.receive(thread, message));
      worker.on("error", (error) => this.fail(error));
      worker.on("exit", (code) => this.fail(new Error(`a worker thread ended with ${code}`)));
      this.workers.push(worker);
    }
    this.poll = setInterval(() => {
      if (world.signal.aborted) this.fail(new RefrainError("INTERRUPTED"));
    }, SIGNAL_POLL_MS);
  }

  /** How many threads there are. */
  get size(): number {
    return this.workers.length;
  }

  run(task: unknown, onProgress: OnProgress = () => {}, transfer: readonly ArrayBuffer[] = []): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.broken !== null) {
        reject(this.broken);
        return;
      }
      this.waiting.push({ task, transfer, onProgress, resolve, reject });
      this.dispatch();
    });
  }

  /** Ends the threads; what they have not done by then fails. */
  async close(): Promise<void> {
    this.fail(new Error("the worker threads were closed"));
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }

  private dispatch(): void {
    for (let thread = 0; thread < this.workers.length && this.waiting.length > 0; thread++) {
      if (this.running.has(thread)) continue;
      const next = this.waiting.shift() as Waiting;
      this.running.set(thread, next);
      this.workers[thread]?.postMessage({ task: next.task }, [...next.transfer]);
    }
  }

  private receive(thread: number, message: WorkerMessage): void {
    const task = this.running.get(thread);
    if (task === undefined) return;
    if (message.kind === "progress") {
      task.onProgress(message.value, () => this.workers[thread]?.postMessage({ reply: true }), thread);
      return;
    }
    this.running.delete(thread);
    if (message.kind === "done") task.resolve(message.value);
    else if (message.kind === "refused") task.reject(new RefrainError(message.code, message.details));
    else task.reject(new Error(message.reason));
    this.dispatch();
  }

  private fail(error: Error): void {
    if (this.broken !== null) return;
    this.broken = error;
    clearInterval(this.poll);
    for (const task of [...this.running.values(), ...this.waiting]) task.reject(error);
    this.running.clear();
    this.waiting.length = 0;
    for (const worker of this.workers) void worker.terminate();
  }
}
