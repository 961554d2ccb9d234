import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Allowance } from "./allowance.js";

const BODYLESS = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

/** Holds room for the body of a request from before it is read until it is answered: at its full length, whatever has arrived. */
export function holdBodies(app: FastifyInstance, allowance: Allowance): void {
  app.addHook("onRequest", (request, reply, done) => {
    hold(request, reply, allowance);
    done();
  });
}

function hold(request: FastifyRequest, reply: FastifyReply, allowance: Allowance): void {
  if (BODYLESS.has(request.method)) return;
  const { bodyLimit } = request.routeOptions;
  const said = Number(request.headers["content-length"] ?? bodyLimit);
  const bytes = Math.min(Number.isFinite(said) ? said : 0, bodyLimit ?? 0);
  if (bytes === 0) return;
  allowance.take(bytes);
  // "close" comes once after every answer, also where the client went away before it.
  reply.raw.on("close", () => allowance.release(bytes));
}
