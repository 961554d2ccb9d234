import { randomUUID } from "node:crypto";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import type { World } from "../base/world.js";
import { type Settings, settingsOf } from "../schema/config.js";
import { sendProblem } from "./answers.js";
import { auditChanges } from "./audit.js";
import { holdBodies } from "./body-allowance.js";
import { type Guard, guardRoutes } from "./guard.js";
import { checkLoopback, type HostRule } from "./host-rule.js";
import { HttpProblemError } from "./http-problems.js";
import { takeJsonOnly } from "./json-body.js";
import { isLongBody } from "./long-bodies.js";
import { httpProblem, internalProblem, problemOf } from "./problem.js";
import { keepRouteList } from "./route-list.js";
import { ROUTES } from "./routes/all.js";
import { SECURITY_HEADERS } from "./security-headers.js";
import type { ServingState } from "./serving.js";
import { type Shell, shellOf } from "./shell.js";
import { answerUnreadable } from "./unreadable.js";
import { answerOtherMethods } from "./wrong-method.js";

export interface AppDeps {
  readonly serving: ServingState;
  readonly world: Pick<World, "log">;
  /** `any` unless given. */
  readonly hostRule?: HostRule;
  readonly guard: Guard;
  /** The defaults unless given. */
  readonly settings?: Settings;
}

/** A head of more bytes is no request of ours. */
const HEAD_BYTES_MAX = 16 * 1024;
/** The longest user id, percent-encoded. */
const PARAM_CHARS_MAX = 4096;
/** Slow heads are cut sooner than slow bodies. */
const HEAD_TIMEOUT_MS = 10_000;
/** Whoever reads no answer for so long is gone. */
const SILENCE_MS = 600_000;
const CONNECTIONS_MAX = 4096;

/** The whole service, not yet listening: `listen` opens the port, tests `inject`. */
export function buildApp({
  serving,
  world,
  guard,
  hostRule = "any",
  settings = settingsOf(),
}: AppDeps): FastifyInstance {
  const app = bareApp(settings, world);
  const shell = shellOf(settings, guard);
  refuseWhileStopping(app, shell);
  app.addHook("onSend", async (request, reply) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) if (!reply.hasHeader(name)) reply.header(name, value);
    reply.header("x-request-id", request.id);
  });
  if (hostRule === "loopback") {
    app.addHook("onRequest", async ({ method, headers }) => {
      checkLoopback({ method, host: headers.host, origin: headers.origin }, portOf(app));
    });
  }
  guardRoutes(app, guard, shell.limits);
  holdBodies(app, shell.bodies);
  auditChanges(app, guard, world);
  takeJsonOnly(app);
  keepRouteList(app);
  for (const route of ROUTES) route(app.withTypeProvider<ZodTypeProvider>(), serving, shell);
  answerOtherMethods(app, app.routeList);
  return app;
}

function bareApp({ bodyBytesMax, requestTimeoutMs }: Settings, world: Pick<World, "log">): FastifyInstance {
  const app = Fastify({
    bodyLimit: bodyBytesMax,
    requestTimeout: requestTimeoutMs,
    connectionTimeout: SILENCE_MS,
    http: {
      maxHeaderSize: HEAD_BYTES_MAX,
      headersTimeout: Math.min(HEAD_TIMEOUT_MS, requestTimeoutMs),
      connectionsCheckingInterval: Math.min(HEAD_TIMEOUT_MS, requestTimeoutMs) / 4,
    },
    routerOptions: { maxParamLength: PARAM_CHARS_MAX },
    // What is being answered is answered; `stop` cuts what takes too long.
    forceCloseConnections: "idle",
    return503OnClosing: false,
    genReqId: () => randomUUID(),
    frameworkErrors: (error, request, reply) => answerError({ error, request, reply }, world),
    clientErrorHandler: (error, socket) => {
      if (!isLongBody(error, socket)) answerUnreadable(error, socket);
    },
  });
  app.server.maxConnections = CONNECTIONS_MAX;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, request, reply) => answerError({ error, request, reply }, world));
  app.setNotFoundHandler((request, reply) => sendProblem(reply, request.id, httpProblem("ROUTE_UNKNOWN")));
  return app;
}

/** Connections end with their next answer; what is asked on them before that is refused, but for whether we are alive. */
function refuseWhileStopping(app: FastifyInstance, shell: Shell): void {
  app.decorate("beginStop", () => {
    shell.isStopping = true;
  });
  app.addHook("onRequest", async (request) => {
    if (shell.isStopping && request.routeOptions.url !== "/health/live") throw new HttpProblemError("STOPPING");
  });
  app.addHook("onSend", async (_request, reply) => {
    if (shell.isStopping) reply.header("connection", "close");
  });
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
  const retryAfterMs = error instanceof HttpProblemError ? error.retryAfterMs : null;
  return sendProblem(reply, request.id, problem ?? internalProblem(), retryAfterMs);
}

function portOf(app: FastifyInstance): number | null {
  const address = app.server.address();
  return address === null || typeof address === "string" ? null : address.port;
}
