import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { type Rng, seededRng, shuffledIndices } from "#src/base/rng.js";
import type { ServiceProcess } from "../service-process.js";

export interface SentEvent {
  readonly [field: string]: unknown;
}

export function readLog(path: string): SentEvent[] {
  return readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as SentEvent);
}

/** What became of a batch: acknowledged, or nobody knows; a batch that was not sent yet has no entry. */
export type Fate = "acknowledged" | "unknown";

export interface Batch {
  readonly number: number;
  readonly events: readonly SentEvent[];
}

/**
 * The events in batches of random sizes, in an order that is that of the log but for blocks that come late or early: most batches go
 * on, some go back.
 */
export function batchesOf(log: readonly SentEvent[], { sizeMax, seed }: { sizeMax: number; seed: string }): Batch[] {
  const rng = seededRng(seed);
  const parts: SentEvent[][] = [];
  for (let from = 0; from < log.length; ) {
    const size = 1 + Math.floor(rng.uniform() * sizeMax);
    parts.push(log.slice(from, from + size));
    from += size;
  }
  const near = parts.map((part, i) => ({
    part,
    at: i + (rng.uniform() < 0.3 ? Math.floor((rng.uniform() - 0.5) * 40) : 0),
  }));
  const sorted = near.sort((a, b) => a.at - b.at).map(({ part }) => part);
  return sorted.map((events, number) => ({ number, events: rng.uniform() < 0.2 ? turned(events, rng) : events }));
}

function turned<T>(list: readonly T[], rng: Rng): T[] {
  return [...shuffledIndices(list.length, rng)].map((at) => list[at] as T);
}

export interface LoadCounts {
  /** HTTP status, or `lost` where no answer came → requests. */
  readonly statuses: Record<string, number>;
  /** 503 and 429 without Retry-After. */
  withoutRetryAfter: number;
  events: number;
}

const STEP_MS = 5;

interface LoadOptions {
  readonly writers: number;
  /** Whether a batch to which no answer came is sent again until it is acknowledged. One that is refused for now always is. */
  readonly isStubborn: boolean;
  readonly seed: string;
}

/** Several writers at once, who take batch after batch from one list, and now and then send an acknowledged one again. */
export class Load {
  readonly fates = new Map<number, Fate>();
  readonly counts: LoadCounts = { statuses: {}, withoutRetryAfter: 0, events: 0 };
  readonly #batches: readonly Batch[];
  readonly #options: LoadOptions;
  readonly #rng: Rng;
  #next = 0;
  #isStopped = false;
  #running: Promise<unknown> = Promise.resolve();

  constructor(batches: readonly Batch[], options: LoadOptions) {
    this.#batches = batches;
    this.#options = options;
    this.#rng = seededRng(options.seed);
  }

  get isDone(): boolean {
    return this.#next >= this.#batches.length;
  }

  /** @param serviceOf which service the writer of that number asks */
  start(serviceOf: (writer: number) => ServiceProcess): void {
    this.#isStopped = false;
    const { writers } = this.#options;
    this.#running = Promise.all(Array.from({ length: writers }, (_, i) => this.#write(() => serviceOf(i))));
  }

  /** Resolves when so many more batches have been acknowledged, or none is left. */
  async acknowledgedMore(batches: number): Promise<void> {
    const until = (this.counts.statuses["200"] ?? 0) + batches;
    while ((this.counts.statuses["200"] ?? 0) < until && !this.isDone) await setTimeout(STEP_MS);
  }

  /** Resolves when so many batches have been taken from the list, or after so long. */
  async taken(batches: number, ms: number): Promise<void> {
    for (let waited = 0; waited < ms && this.#next < batches; waited += STEP_MS)
      await setTimeout(Math.min(STEP_MS, ms));
  }

  /** Lets every writer end what it has begun. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
  }

  /** Resolves when every batch has been sent. */
  async finish(): Promise<void> {
    await this.#running;
  }

  async #write(service: () => ServiceProcess): Promise<void> {
    while (!this.#isStopped) {
      const batch = this.#batches[this.#next++];
      if (batch === undefined) return;
      for (;;) {
        this.fates.set(batch.number, "unknown");
        const status = await this.#send(service(), batch);
        if (status === "200") break;
        // Who asks nobody should not use up the log.
        await setTimeout(100);
        if (this.#isStopped || (status === "lost" && !this.#options.isStubborn)) break;
      }
      if (this.#rng.uniform() < 0.1) await this.#send(service(), batch);
    }
  }

  /** Returns the HTTP status, or `lost`. */
  async #send(service: ServiceProcess, { number, events }: Batch): Promise<string> {
    const answer = await service.ask("/update_user_events", events).catch(() => null);
    const status = String(answer?.status ?? "lost");
    this.counts.statuses[status] = (this.counts.statuses[status] ?? 0) + 1;
    if ((status === "503" || status === "429") && answer?.headers.get("retry-after") == null) {
      this.counts.withoutRetryAfter++;
    }
    if (status !== "200") return status;
    if (this.fates.get(number) !== "acknowledged") this.counts.events += events.length;
    this.fates.set(number, "acknowledged");
    return status;
  }
}
