import type { FastifyReply } from "fastify";
import type { LinesTaken } from "../pipeline/upload/take-lines.js";
import type { Problem } from "./problem.js";
import { SECURITY_HEADERS } from "./security-headers.js";

/** Seconds after which it is worth asking again, where the error itself does not say. */
const RETRY_AFTER_SECONDS: Readonly<Record<string, number>> = {
  QUEUE_FULL: 1,
  STORE_UNAVAILABLE: 2,
  STARTING: 5,
  NOT_READY: 5,
  STOPPING: 5,
};
const RETRY_AFTER_OTHERWISE = 30;
/** After these the rest of the request is not worth reading. */
const CLOSING: ReadonlySet<number> = new Set([408, 413]);

/** Answers with problem JSON. Sets the usual headers itself: Fastify runs no hooks for an address it cannot read. */
export function sendProblem(
  reply: FastifyReply,
  requestId: string,
  problem: Problem,
  retryAfterMs: number | null = null,
): FastifyReply {
  reply.headers({ ...SECURITY_HEADERS, "x-request-id": requestId });
  const { status, code } = problem;
  if (status === 503 || status === 429) {
    const seconds = RETRY_AFTER_SECONDS[code] ?? RETRY_AFTER_OTHERWISE;
    reply.header("retry-after", retryAfterMs === null ? seconds : Math.ceil(retryAfterMs / 1000));
  }
  if (CLOSING.has(status)) reply.header("connection", "close");
  return reply
    .status(status)
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
