import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { type ServicePlace, ServiceProcess } from "../service-process.js";
import { assertParity, BatchFeatures, spanOf } from "./batch-features.js";
import { assertKept, heldKeys } from "./held.js";
import { batchesOf, type Fate, type SentEvent } from "./load.js";

/** A file system of its own, in memory, of so many MiB. */
export class SmallDisk {
  readonly folder: string;

  constructor(folder: string, sizeMib: number) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${sizeMib}m`, "tmpfs", folder], { stdio: "pipe" });
  }

  /** Whether this system lets us have one. */
  static canBeMade(folder: string): boolean {
    try {
      new SmallDisk(folder, 1).remove();
      return true;
    } catch {
      return false;
    }
  }

  /** Takes all the room there is. */
  fill(): void {
    const file = openSync(join(this.folder, "filler"), "w");
    try {
      for (const size of [1 << 20, 1 << 12]) {
        try {
          for (;;) writeSync(file, Buffer.alloc(size, 1));
        } catch (error) {
          assert.equal((error as NodeJS.ErrnoException).code, "ENOSPC");
        }
      }
    } finally {
      closeSync(file);
    }
  }

  free(): void {
    rmSync(join(this.folder, "filler"), { force: true });
  }

  remove(): void {
    execFileSync("umount", ["-l", this.folder], { stdio: "pipe" });
  }
}

interface Filling {
  /** Of which something lies on the disk: the home, or the database. */
  readonly place: ServicePlace;
  readonly disk: SmallDisk;
  readonly log: readonly SentEvent[];
  readonly seed: string;
  readonly folder: string;
  readonly times: number;
  /** What a person does once there is room again: starts a database that has given up. */
  readonly freed?: () => Promise<void>;
}

const REFUSED_MAX = 10;

/**
 * Fills the disk under a service that takes events, again and again: events are refused clearly, nothing that was acknowledged
 * is lost, and when there is room again everything is taken, by the same process, and features equal those of a batch.
 */
export async function fillDisk({ place, disk, log, seed, folder, times, freed = async () => {} }: Filling) {
  const batches = batchesOf(log, { sizeMax: 60, seed });
  const fates = new Map<number, Fate>();
  const refusals: Record<string, number> = {};
  const service = new ServiceProcess(place);
  const waiting = [...batches];
  const send = async () => {
    const batch = waiting[0];
    if (batch === undefined) return true;
    if (!fates.has(batch.number)) fates.set(batch.number, "unknown");
    const { status, headers, body } = await service.ask("/update_user_events", batch.events);
    if (status === 200) {
      fates.set(batch.number, "acknowledged");
      waiting.shift();
      return true;
    }
    assert.ok(status === 503 || status === 507, `a full disk is answered with ${status}: ${JSON.stringify(body)}`);
    assert.ok(headers.get("retry-after"), "refused without Retry-After");
    refusals[String(body.code)] = (refusals[String(body.code)] ?? 0) + 1;
    return false;
  };
  try {
    await service.start();
    for (let time = 0; time < times; time++) {
      for (let i = 0; i < batches.length / (2 * times); i++) assert.ok(await send());
      disk.fill();
      let refused = 0;
      for (let i = 0; i < 400 && refused < REFUSED_MAX; i++) if (!(await send())) refused++;
      disk.free();
      await freed();
      for (let i = 0; i < 50 && !(await send()); i++) await new Promise((resolve) => setTimeout(resolve, 200));
    }
    assert.ok(Object.keys(refusals).length > 0, "the full disk was never met");
    while (waiting.length > 0)
      assert.ok(await send(), `refused with room on the disk: ${JSON.stringify(refusals)} ${service.log}`);
    const { users, moments } = spanOf(log);
    const at = moments.at(-1) ?? 0;
    await assertParity(service, await new BatchFeatures(folder, log).at(at), users, at);
    await service.end("SIGTERM");
    return { ...assertKept(await heldKeys(place), batches, fates), refusals };
  } finally {
    await service.end("SIGKILL");
  }
}
