import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { ServingState } from "./serving.js";
import type { Shell } from "./shell.js";

/** Fastify whose handlers see bodies as their Zod schemas parse them. */
export type ZodApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Adds the routes of one noun. */
export type Route = (app: ZodApp, serving: ServingState, shell: Shell) => void;
