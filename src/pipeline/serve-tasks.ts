import { type MessagePort, parentPort } from "node:worker_threads";
import { assert } from "../base/assert.js";
import { RefrainError } from "../base/errors.js";
import type { WorkerMessage } from "./threads.js";

/** Sends something on its way to the pool; resolves when the pool replied. */
export type SendProgress = (value: unknown, transfer?: readonly ArrayBuffer[]) => Promise<void>;

/** The worker's side of a `WorkerPool`: handles one task after the other; the pool gives the next when one is done. */
export function serveTasks(
  handle: (task: unknown, send: SendProgress) => Promise<{ value: unknown; transfer?: readonly ArrayBuffer[] }>,
): void {
  assert(parentPort !== null, "serveTasks runs in a worker thread");
  const port: MessagePort = parentPort;
  const post = (message: WorkerMessage, transfer: readonly ArrayBuffer[] = []) =>
    port.postMessage(message, [...transfer]);
  const replies: (() => void)[] = [];
  const send: SendProgress = (value, transfer) => {
    const replied = new Promise<void>((resolve) => replies.push(resolve));
    post({ kind: "progress", value }, transfer);
    return replied;
  };
  port.on("message", (message: { task: unknown } | { reply: true }) => {
    if ("reply" in message) {
      replies.shift()?.();
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
