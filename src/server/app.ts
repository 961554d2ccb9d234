import { randomUUID } from "node:crypto";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import type { Logger } from "pino";
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
import { Metrics } from "./metrics.js";
import { httpProblem, internalProblem, problemOf } from "./problem.js";
import { keepRouteList } from "./route-list.js";
import { ROUTES } from "./routes/all.js";
import { SECURITY_HEADERS } from "./security-headers.js";
import { logRequests, withoutSecrets } from "./service-log.js";
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
  readonly metrics?: Metrics;
  /** Where requests are logged; none of them where it is absent. */
  readonly logger?: Logger;
}

type Warnings = Pick<World["log"], "warn">;

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
  metrics = new Metrics(),
  logger,
}: AppDeps): FastifyInstance {
  const log = logger === undefined ? world.log : { warn: (words: string) => logger.error(words) };
  const app = bareApp(settings, log);
  const shell = shellOf(settings, { guard, metrics });
  if (logger !== undefined) logRequests(app, logger);
  watch(app, serving, shell);
  refuseWhileStopping(app, shell);
  app.addHook("onRequest", (request, reply, done) => {
    reply.headers(SECURITY_HEADERS).header("x-request-id", request.id);
    done();
  });
  if (hostRule === "loopback") {
    app.addHook("onRequest", ({ method, headers }, _reply, done) => {
      checkLoopback({ method, host: headers.host, origin: headers.origin }, portOf(app));
      done();
    });
  }
  guardRoutes(app, guard, shell.limits);
  holdBodies(app, shell.bodies);
  auditChanges(app, guard, log);
  takeJsonOnly(app);
  keepRouteList(app);
  for (const route of ROUTES) route(app.withTypeProvider<ZodTypeProvider>(), serving, shell);
  answerOtherMethods(app, app.routeList);
  return app;
}

function bareApp({ bodyBytesMax, requestTimeoutMs }: Settings, log: Warnings): FastifyInstance {
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
    frameworkErrors: (error, request, reply) => answerError({ error, request, reply }, log),
    clientErrorHandler: (error, socket) => {
      if (!isLongBody(error, socket)) answerUnreadable(error, socket);
    },
  });
  app.server.maxConnections = CONNECTIONS_MAX;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, request, reply) => answerError({ error, request, reply }, log));
  app.setNotFoundHandler((request, reply) => sendProblem(reply, request.id, httpProblem("ROUTE_UNKNOWN")));
  return app;
}

function watch(app: FastifyInstance, serving: ServingState, { metrics, events, bodies }: Shell): void {
  metrics.timeRequests(app);
  metrics.measure({
    eventsWaiting: () => events.held,
    bodyBytes: () => bodies.held,
    modelVersion: () => serving.model?.version ?? null,
    droppedPredictions: () => serving.live?.droppedPredictions ?? 0,
  });
  // Who gathers figures should get the others where the store is away.
  metrics.measureLoop(async () => serving.loop?.gauges().catch(() => null) ?? null);
  app.addHook("onListen", async () => metrics.measureProcess());
}

/** Connections end with their next answer; what is asked on them before that is refused, but for whether we are alive. */
function refuseWhileStopping(app: FastifyInstance, shell: Shell): void {
  app.decorate("beginStop", () => {
    shell.isStopping = true;
  });
  app.addHook("onRequest", (request, _reply, done) => {
    if (shell.isStopping && request.routeOptions.url !== "/health/live") throw new HttpProblemError("STOPPING");
    done();
  });
  app.addHook("onSend", (_request, reply, _payload, done) => {
    if (shell.isStopping) reply.header("connection", "close");
    done();
  });
}

interface Failed {
  readonly error: unknown;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

function answerError({ error, request, reply }: Failed, log: Warnings): FastifyReply {
  const problem = problemOf(error);
  if (problem === null || problem.code === "INTERNAL") {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log.warn(
      withoutSecrets(`${request.method} ${request.routeOptions.url ?? "(no route)"} ${request.id} failed: ${reason}`),
    );
  }
  const retryAfterMs = error instanceof HttpProblemError ? error.retryAfterMs : null;
  return sendProblem(reply, request.id, problem ?? internalProblem(), retryAfterMs);
}

function portOf(app: FastifyInstance): number | null {
  const address = app.server.address();
  return address === null || typeof address === "string" ? null : address.port;
}
