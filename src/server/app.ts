import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import type { World } from "../base/world.js";
import { sendProblem } from "./answers.js";
import { admit, type Guard } from "./guard.js";
import { checkLoopback, type HostRule } from "./host-rule.js";
import { isLongBody } from "./long-bodies.js";
import { httpProblem, internalProblem, problemOf } from "./problem.js";
import type { Route } from "./route.js";
import { batchPredictRoute } from "./routes/batch-predict.js";
import { healthRoutes } from "./routes/health.js";
import { modelInfoRoute } from "./routes/model-info.js";
import { predictRoute } from "./routes/predict.js";
import { reportRoute } from "./routes/report.js";
import { updateEventsRoute } from "./routes/update-events.js";
import { usersRoute } from "./routes/users.js";
import { SECURITY_HEADERS } from "./security-headers.js";
import type { ServingState } from "./serving.js";

export interface AppDeps {
  readonly serving: ServingState;
  readonly world: Pick<World, "log">;
  /** `any` unless given. */
  readonly hostRule?: HostRule;
  readonly guard: Guard;
}

const ROUTES: readonly Route[] = [
  reportRoute,
  healthRoutes,
  predictRoute,
  batchPredictRoute,
  modelInfoRoute,
  updateEventsRoute,
  usersRoute,
];
const BODY_BYTES_MAX = 1024 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;

/** The whole service, not yet listening: `listen` opens the port, tests `inject`. */
export function buildApp({ serving, world, guard, hostRule = "any" }: AppDeps): FastifyInstance {
  const app = Fastify({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Idle keep-alive connections must not hold up Ctrl-C.
    forceCloseConnections: true,
    genReqId: () => randomUUID(),
    frameworkErrors: (error, request, reply) => answerError({ error, request, reply }, world),
    clientErrorHandler: (error, socket) => {
      if (!isLongBody(error, socket)) answerUnreadable(socket);
    },
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, request, reply) => answerError({ error, request, reply }, world));
  app.setNotFoundHandler((request, reply) => sendProblem(reply, request.id, httpProblem("ROUTE_UNKNOWN")));
  app.addHook("onSend", async (request, reply) => {
    reply.headers({ ...SECURITY_HEADERS, "x-request-id": request.id });
  });
  if (hostRule === "loopback") {
    app.addHook("onRequest", async ({ method, headers }) => {
      checkLoopback({ method, host: headers.host, origin: headers.origin }, portOf(app));
    });
  }
  app.addHook("onRequest", async (request) => {
    // An address without a route has nothing to guard.
    if (!request.is404) await admit(guard, request);
  });
  for (const route of ROUTES) route(app.withTypeProvider<ZodTypeProvider>(), serving);
  return app;
}

interface Failed {
  readonly error: unknown;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

function answerError({ error, request, reply }: Failed, { log }: Pick<World, "log">): FastifyReply {
  const problem = problemOf(error);
  if (problem === null || problem.code === "INTERNAL") {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log.warn(`${request.method} ${request.routeOptions.url ?? "(no route)"} ${request.id} failed: ${reason}`);
  }
  return sendProblem(reply, request.id, problem ?? internalProblem());
}

/** Bytes that are no HTTP: no request came of them, so there is only the socket to answer on. */
function answerUnreadable(socket: Socket): void {
  if (!socket.writable) return;
  const body = JSON.stringify(httpProblem("REQUEST_BAD"));
  const head = [
    "HTTP/1.1 400 Bad Request",
    "content-type: application/problem+json",
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${randomUUID()}`,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}

function portOf(app: FastifyInstance): number | null {
  const address = app.server.address();
  return address === null || typeof address === "string" ? null : address.port;
}
