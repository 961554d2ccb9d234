import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { type ServicePlace, ServiceProcess } from "../service-process.js";
import { assertKept, heldKeys } from "./held.js";
import { batchesOf, Load, type SentEvent } from "./load.js";

export interface Stopping {
  readonly place: ServicePlace;
  readonly log: readonly SentEvent[];
  readonly stops: number;
  readonly seed: string;
  /** How the database goes, and comes again. */
  readonly halt: () => Promise<void>;
  readonly start: () => Promise<void>;
}

/**
 * Stops the database under load and starts it again: the service answers 503 with Retry-After meanwhile, and goes on by itself.
 * Every batch is sent until it is acknowledged, and in the end all of them are there once.
 */
export async function stopDatabase({ place, log, stops, seed, halt, start }: Stopping) {
  const batches = batchesOf(log, { sizeMax: 60, seed });
  const load = new Load(batches, { writers: 4, isStubborn: true, seed });
  const service = new ServiceProcess(place);
  let answered503 = 0;
  try {
    await service.start();
    const { pid } = service;
    load.start(() => service);
    for (let stop = 0; stop < stops; stop++) {
      await load.acknowledgedMore(3);
      await halt();
      const before = load.counts.statuses["503"] ?? 0;
      const direct = await service.ask("/users/1");
      assert.equal(direct.status, 503);
      assert.equal(direct.body.code, "STORE_UNAVAILABLE");
      assert.ok(direct.headers.get("retry-after"), "503 without Retry-After");
      assert.equal((await service.ask("/health/ready")).status, 503, "ready without a store");
      assert.equal((await service.ask("/health/live")).status, 200);
      await setTimeout(500);
      await start();
      answered503 += (load.counts.statuses["503"] ?? 0) - before;
      await load.acknowledgedMore(1);
    }
    await load.finish();
    assert.equal(service.pid, pid);
    assert.equal(load.counts.withoutRetryAfter, 0, "503 or 429 without Retry-After");
    assert.ok(answered503 > 0, "no writer met the missing database");
    const kept = assertKept(await heldKeys(place), batches, load.fates);
    assert.equal(kept.acknowledged, log.length);
    return { ...kept, statuses: load.counts.statuses };
  } finally {
    await load.stop();
    await service.end("SIGKILL");
  }
}
