import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import type { World } from "../base/world.js";
import type { LiveService } from "../pipeline/live/service.js";

/** So much simulated time passes in each second. */
const STEP_MS = 10 * 60 * 1000;
const TICK_MS = 1_000;

/**
 * Sends the SIMULATED events of a log, which is in the order of time, to a service as if they happened now, but faster. Ends with the
 * log or the signal, and returns how many were new.
 */
export async function streamLog(path: string, service: Pick<LiveService, "add">, world: World): Promise<number> {
  const signal = world.signal as AbortSignal;
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
  let batch: { ts: number }[] = [];
  let until: number | null = null;
  let accepted = 0;
  const send = async (): Promise<void> => {
    if (batch.length > 0) accepted += (await service.add(batch)).accepted;
    batch = [];
    await setTimeout(TICK_MS, undefined, { signal }).catch(() => {});
  };
  for await (const line of lines) {
    const event = JSON.parse(line) as { ts: number };
    until ??= event.ts + STEP_MS;
    while (event.ts >= until && !signal.aborted) {
      await send();
      until += STEP_MS;
    }
    if (signal.aborted) break;
    batch.push(event);
  }
  if (!signal.aborted) await send();
  return accepted;
}
