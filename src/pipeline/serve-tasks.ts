import { type MessagePort, parentPort } from "node:worker_threads";
import { assert } from "../base/assert.js";
import { RefrainError } from "../base/errors.js";
import type { WorkerMessage } from "./threads.js";

/** Sends something of a task on its way; resolves when more may follow. */
export type SendProgress = (value: unknown, transfer?: readonly ArrayBuffer[]) => Promise<void>;

/** What may wait for the pool's reply before the worker waits too: enough that it does not stand still while the pool is busy. */
const UNANSWERED_MAX = 3;

/** The worker's side of a `WorkerPool`: handles one task after the other; the pool gives the next when one is done. */
export function serveTasks(
  handle: (task: unknown, send: SendProgress) => Promise<{ value: unknown; transfer?: readonly ArrayBuffer[] }>,
): void {
  assert(parentPort !== null, "serveTasks runs in a worker thread");
  const port: MessagePort = parentPort;
  const post = (message: WorkerMessage, transfer: readonly ArrayBuffer[] = []) =>
    port.postMessage(message, [...transfer]);
  const waiting: (() => void)[] = [];
  let unanswered = 0;
  const send: SendProgress = (value, transfer) => {
    post({ kind: "progress", value }, transfer);
    unanswered++;
    return unanswered < UNANSWERED_MAX ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve));
  };
  port.on("message", (message: { task: unknown } | { reply: true }) => {
    if ("reply" in message) {
      unanswered--;
      waiting.shift()?.();
      return;
    }
    handle(message.task, send).then(
      ({ value, transfer }) => post({ kind: "done", value }, transfer),
      (error: unknown) => post(failure(error)),
    );
  });
}

function failure(error: unknown): WorkerMessage {
  if (error instanceof RefrainError) return { kind: "refused", code: error.code, details: error.details };
  return { kind: "failed", reason: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
