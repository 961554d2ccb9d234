import type { z } from "zod";
import type { ErrorCode } from "../../base/errors.js";
import type { HttpProblemCode } from "../http-problems.js";

declare module "fastify" {
  interface FastifyContextConfig {
    /** What /openapi.json says of the route. */
    doc?: RouteDoc;
  }
}

/** What a route's schemas do not say by themselves. */
export interface RouteDoc {
  /** One line: what it is for. */
  readonly summary: string;
  /** Answers that the route's schema does not hold, or holds without words. */
  readonly answers?: Readonly<Record<number, AnswerDoc>>;
  /** A schema of the body that says more than the one that checks it. */
  readonly body?: z.ZodType;
  /** A body that is answered with success. */
  readonly example?: unknown;
  /** Further kinds of the same body, with an example each. */
  readonly otherBodies?: Readonly<Record<string, string>>;
  /** Errors of its own, besides those that every route has. */
  readonly problems?: readonly (ErrorCode | HttpProblemCode)[];
}

export interface AnswerDoc {
  readonly about: string;
  readonly schema?: z.ZodType;
  /** `application/json` unless said; null where there is no body. */
  readonly type?: string | null;
}
