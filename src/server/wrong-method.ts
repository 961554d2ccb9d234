import type { FastifyInstance } from "fastify";
import { HttpProblemError } from "./http-problems.js";
import type { KnownRoute } from "./route-list.js";

/** The methods that an address may be asked with: those of its routes, `OPTIONS`, and those that are refused. */
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"] as const;

/**
 * Answers a method that no route of an address takes with 405 and `Allow`, and OPTIONS with `Allow` alone: CORS is off, so no
 * preflight is granted anything. To be called when all routes are there.
 */
export function answerOtherMethods(app: FastifyInstance, routes: readonly KnownRoute[]): void {
  for (const url of new Set(routes.map((route) => route.url))) {
    const taken = new Set(routes.flatMap((route) => (route.url === url ? [route.method] : [])));
    const allow = [...taken, "OPTIONS"].sort().join(", ");
    app.route({
      url,
      method: METHODS.filter((one) => !taken.has(one)),
      config: { role: "none", isFallback: true },
      // Before any body is read.
      onRequest: async (request, reply) => {
        reply.header("allow", allow);
        if (request.method !== "OPTIONS") throw new HttpProblemError("METHOD_WRONG");
        await reply.status(204).send();
      },
      handler: () => undefined,
    });
  }
}
