import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";

const long = new WeakSet<object>();

/**
 * Lets a body take longer to arrive than the server's `requestTimeout`, which cannot be told apart by route. Whoever reads it sees
 * to it that it goes on.
 */
export function allowLongBody(request: IncomingMessage): void {
  long.add(request.socket);
  request.once("close", () => long.delete(request.socket));
}

/** Whether an error that the server tells of a connection is only that such a body takes long: then nothing is to be done. */
export function isLongBody(error: Error & { readonly code?: string }, socket: Socket): boolean {
  return error.code === "ERR_HTTP_REQUEST_TIMEOUT" && long.has(socket);
}
