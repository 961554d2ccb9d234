import type { FastifyReply } from "fastify";
import type { LinesTaken } from "../pipeline/upload/take-lines.js";
import type { Problem } from "./problem.js";
import { SECURITY_HEADERS } from "./security-headers.js";

/** Seconds after which it is worth asking again when a model is missing. */
const RETRY_AFTER_SECONDS = 30;

/** Answers with problem JSON. Sets the usual headers itself: Fastify runs no hooks for an address it cannot read. */
export function sendProblem(reply: FastifyReply, requestId: string, problem: Problem): FastifyReply {
  reply.headers({ ...SECURITY_HEADERS, "x-request-id": requestId });
  if (problem.status === 503) reply.header("retry-after", RETRY_AFTER_SECONDS);
  return reply
    .status(problem.status)
    .type("application/problem+json")
    .serializer((body) => JSON.stringify(body))
    .send(problem);
}

/** What became of lines that were sent. */
export interface LineCounts {
  readonly lines: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected_lines: number;
  readonly reasons: Record<string, number>;
}

export function lineCounts({ lines, accepted, duplicates, rejectedLines, reasons }: LinesTaken): LineCounts {
  return { lines, accepted, duplicates, rejected_lines: rejectedLines, reasons: { ...reasons } };
}
