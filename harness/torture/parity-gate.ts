import assert from "node:assert/strict";
import { type ServicePlace, ServiceProcess } from "../service-process.js";
import { assertParity, type BatchFeatures, spanOf } from "./batch-features.js";
import { assertKept, heldKeys } from "./held.js";
import { batchesOf, Load, type SentEvent } from "./load.js";

export interface Gate {
  /** Where the services are; with several all of them share one database. */
  readonly places: readonly ServicePlace[];
  readonly log: readonly SentEvent[];
  readonly sizeMax: number;
  readonly seed: string;
  /** Of the same log. */
  readonly batch: BatchFeatures;
}

/** User at moment → the answer of `GET /users/ID`, as text. */
export type Answers = ReadonlyMap<string, string>;

/**
 * THE PARITY GATE: a log sent over HTTP by several writers at once, in batches of random sizes, some of them late or turned round,
 * gives features equal to those of a batch, bit for bit. Returns every answer of every service.
 */
export async function parityGate({ places, log, sizeMax, seed, batch }: Gate): Promise<readonly Answers[]> {
  const batches = batchesOf(log, { sizeMax, seed });
  const load = new Load(batches, { writers: 4, isStubborn: true, seed });
  const services = places.map((place) => new ServiceProcess(place));
  try {
    for (const service of services) await service.start();
    load.start((writer) => services[writer % services.length] as ServiceProcess);
    await load.finish();
    const { users, moments } = spanOf(log);
    const answers = services.map(() => new Map<string, string>());
    for (const at of moments) {
      const features = await batch.at(at);
      for (const [i, service] of services.entries()) {
        await assertParity(service, features, users, at);
        for (const user of users) answers[i]?.set(`${user} at ${at}`, await answerOf(service, user, at));
      }
    }
    for (const service of services) await service.end("SIGTERM");
    const [first] = places;
    assert.ok(first !== undefined);
    assert.equal(assertKept(await heldKeys(first), batches, load.fates).acknowledged, log.length);
    return answers;
  } finally {
    for (const service of services) await service.end("SIGKILL");
  }
}

/** Features and score; not what only says how far the service has heard. */
async function answerOf(service: ServiceProcess, user: string, atMs: number): Promise<string> {
  const { body } = await service.ask(`/users/${encodeURIComponent(user)}?as_of=${new Date(atMs).toISOString()}`);
  const { prediction, ...rest } = body as { prediction: Record<string, unknown> | null };
  return JSON.stringify([rest, prediction && { ...prediction, fresh_through: null }]);
}
