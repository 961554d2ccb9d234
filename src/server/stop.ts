import { setTimeout as wait } from "node:timers/promises";
import type { FastifyInstance } from "fastify";

declare module "fastify" {
  interface FastifyInstance {
    /** Begins to refuse: not ready, and 503 for what comes on connections that are open. */
    beginStop(): void;
  }
}

/**
 * Stops listening, answers what has been asked, and closes; what is not answered within `timeoutMs` is cut off. Returns whether
 * all of it was answered.
 */
export async function stop(app: FastifyInstance, timeoutMs: number): Promise<boolean> {
  app.beginStop();
  const late = new AbortController();
  const cut = wait(timeoutMs, false, { signal: late.signal, ref: false }).then(
    () => {
      app.server.closeAllConnections();
      return false;
    },
    () => true,
  );
  await app.close();
  late.abort();
  return cut;
}
