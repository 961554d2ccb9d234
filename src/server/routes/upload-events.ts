import type { IncomingMessage } from "node:http";
import { setTimeout } from "node:timers/promises";
import type { FastifyReply } from "fastify";
import { RefrainError } from "../../base/errors.js";
import { LineTaker } from "../../pipeline/upload/take-lines.js";
import type { Allowance } from "../allowance.js";
import { lineCounts } from "../answers.js";
import { bodyChunks } from "../body-chunks.js";
import { allowLongBody } from "../long-bodies.js";
import type { Metrics } from "../metrics.js";
import { UploadBrokenError } from "../problem.js";
import type { ServingState } from "../serving.js";

export const NDJSON = "application/x-ndjson";

const PATIENCE_MS = 60_000;
/** How long the rest of a body that is given up is read, so that its sender hears the answer. */
const DRAIN_MS = 1_000;

interface Into {
  readonly serving: ServingState;
  readonly events: Allowance;
  readonly metrics: Metrics;
}

/**
 * `POST /update_user_events` of lines of JSON: any number, taken as they come, each batch in a transaction of its own. The body
 * waits for the database. Where it breaks off the answer tells how far it got, and the same can be sent again.
 */
export async function uploadEvents(request: IncomingMessage, reply: FastifyReply, { serving, events, metrics }: Into) {
  const { live } = serving;
  if (live === null) throw new RefrainError("STARTING");
  allowLongBody(request);
  const taker = new LineTaker();
  const count = () => {
    const { accepted, duplicates, rejectedLines } = taker.taken;
    metrics.countEvents({ accepted, duplicates, rejected: rejectedLines });
  };
  try {
    const chunks = bodyChunks(request, { patienceMs: PATIENCE_MS });
    const taken = await taker.take(chunks, (items) => events.duringInTurn(items.length, () => live.add(items)));
    count();
    const processed = taken.accepted + taken.duplicates;
    const message = `Processed ${processed} ${processed === 1 ? "event" : "events"}`;
    return reply.status(processed === 0 && taken.rejectedLines > 0 ? 400 : 200).send({
      message,
      ...lineCounts(taken),
      rejected: taken.rejected.map(({ line, ...why }) => ({ index: line - 1, line, ...why })),
    });
  } catch (error) {
    count();
    await drained(request);
    reply.header("connection", "close");
    throw new UploadBrokenError(error, taker.taken);
  }
}

async function drained(request: IncomingMessage): Promise<void> {
  if (request.readableEnded || request.destroyed) return;
  const ended = new Promise<void>((resolve) => {
    request.once("end", resolve).once("close", resolve);
  });
  request.resume();
  await Promise.race([ended, setTimeout(DRAIN_MS)]);
}
