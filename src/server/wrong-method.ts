import { METHODS } from "node:http";
import type { FastifyInstance } from "fastify";
import { HttpProblemError } from "./http-problems.js";
import type { KnownRoute } from "./route-list.js";

/** Whatever Node reads as a request. CONNECT is none: it asks for a tunnel. */
const ASKABLE = METHODS.filter((one) => one !== "CONNECT");

/**
 * Answers a method that no route of an address takes with 405 and `Allow`, and OPTIONS with `Allow` alone: CORS is off, so no
 * preflight is granted anything. To be called when all routes are there.
 */
export function answerOtherMethods(app: FastifyInstance, routes: readonly KnownRoute[]): void {
  for (const one of ASKABLE) if (!app.supportedMethods.includes(one)) app.addHttpMethod(one);
  for (const url of new Set(routes.map((route) => route.url))) {
    const taken = new Set(routes.flatMap((route) => (route.url === url ? [route.method] : [])));
    const allow = [...taken, "OPTIONS"].sort().join(", ");
    app.route({
      url,
      method: ASKABLE.filter((one) => !taken.has(one)),
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
