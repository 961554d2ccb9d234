import { setImmediate } from "node:timers/promises";
import type { World } from "../../base/world.js";
import { stopIfAborted } from "../../store/duckdb.js";
import type { EventBatch } from "../../store/event-batch.js";
import type { Staging } from "../../store/staging.js";
import { WorkerPool, workerUrl } from "../threads.js";
import { EventReader } from "./event-reader.js";
import { EventRows } from "./event-rows.js";
import { FlatJson } from "./flat-json.js";
import { InTurn } from "./in-turn.js";
import type { Part, PartProgress, PartResult, ReadingRules } from "./part.js";
import type { Readers } from "./part-reader.js";
import { readParquet } from "./read-parquet.js";
import { readPart } from "./read-part.js";
import type { Tally } from "./tally.js";

/** The senders of what is read here; the threads count from 0. */
const PARQUET = -1;
const HERE = -2;

/** The other threads that read logs. They take a moment to start, so that something else can be made ready meanwhile. */
export function startThreads(parts: readonly Part[], rules: ReadingRules, world: World): WorkerPool | null {
  const work = parts.filter(({ kind }) => kind !== "parquet").length;
  const threads = Math.min(Math.max(1, world.threads - 1), work);
  return threads === 0 ? null : new WorkerPool(workerUrl("ingest-worker"), rules, { ...world, threads });
}

export interface ReadingTools {
  readonly pool: WorkerPool | null;
  readonly staging: Staging;
  readonly tally: Tally;
  readonly temp: string;
}

/**
 * Reads all parts into the staging table: Parquet by DuckDB, ranges of lines here and in the other threads, whoever is free, and
 * everything else there: this thread goes on taking what they send, so that it reads in small pieces only.
 */
export async function readLogs(
  parts: readonly Part[],
  rules: ReadingRules,
  tools: ReadingTools,
  world: World,
): Promise<void> {
  await new Reading(parts, rules, tools, world).all();
}

class Reading {
  private readonly parts: readonly Part[];
  private readonly rules: ReadingRules;
  private readonly tools: ReadingTools;
  private readonly world: World;
  private readonly inTurn: InTurn<{ readonly sender: number; readonly batch: EventBatch }>;
  /** Places of parts that nobody has taken yet. */
  private readonly waiting: number[];

  constructor(parts: readonly Part[], rules: ReadingRules, tools: ReadingTools, world: World) {
    this.parts = parts;
    this.rules = rules;
    this.tools = tools;
    this.world = world;
    this.inTurn = new InTurn((part, { sender, batch }) => tools.staging.append(batch, part, sender));
    this.waiting = parts.map((_, index) => index);
  }

  async all(): Promise<void> {
    const threads = this.tools.pool?.size ?? 0;
    const work = [this.parquets(), ...Array.from({ length: threads }, () => this.inThread())];
    if (this.world.threads > 1) work.push(this.here());
    try {
      await Promise.all(work);
    } catch (error) {
      // Whoever waits, for a thread or for rejects to be written, waits for something that does not come any longer.
      this.waiting.length = 0;
      await this.tools.pool?.close();
      this.tools.tally.releaseAll();
      await Promise.allSettled(work);
      throw error;
    }
  }

  private async inThread(): Promise<void> {
    const { pool } = this.tools;
    for (let index = this.next(isNotParquet); index !== null && pool !== null; index = this.next(isNotParquet)) {
      const at = index;
      const onProgress = (progress: unknown, reply: () => void, thread: number) =>
        this.take(at, thread, progress as PartProgress, reply);
      this.done(at, (await pool.run(this.parts[at], onProgress)) as PartResult);
    }
  }

  private async here(): Promise<void> {
    const events = new EventReader(this.rules.nowMs, new EventRows());
    const readers: Readers = { events, flat: new FlatJson(events, this.rules.map) };
    for (let index = this.next(isRange); index !== null; index = this.next(isRange)) {
      this.done(index, await readPart(this.parts[index] as Part, this.rules, readers, this.sendFrom(index, HERE)));
      await setImmediate();
      stopIfAborted(this.world);
    }
  }

  private async parquets(): Promise<void> {
    const events = new EventReader(this.rules.nowMs, new EventRows());
    const { temp } = this.tools;
    for (let index = this.next(isParquet); index !== null; index = this.next(isParquet)) {
      const part = this.parts[index] as Part;
      const send = this.sendFrom(index, PARQUET);
      this.done(index, await readParquet(part, this.rules, events, { temp }, send, this.world));
    }
  }

  private sendFrom(part: number, sender: number) {
    return (progress: unknown) =>
      new Promise<void>((release) => this.take(part, sender, progress as PartProgress, release));
  }

  private next(isFit: (part: Part) => boolean): number | null {
    const at = this.waiting.findIndex((index) => isFit(this.parts[index] as Part));
    return this.waiting.splice(at, at === -1 ? 0 : 1)[0] ?? null;
  }

  private take(part: number, sender: number, { batch, rejects }: PartProgress, release: () => void): void {
    this.inTurn.take(part, { sender, batch });
    this.tools.tally.reject(part, rejects, release);
  }

  private done(part: number, result: PartResult): void {
    this.inTurn.done(part);
    this.tools.tally.done(part, result);
  }
}

const isParquet = ({ kind }: Part): boolean => kind === "parquet";
const isNotParquet = (part: Part): boolean => !isParquet(part);
const isRange = ({ toByte }: Part): boolean => Number.isFinite(toByte);
