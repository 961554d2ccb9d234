import { assert } from "../../base/assert.js";
import type { World } from "../../base/world.js";
import type { EventBatch } from "../../store/event-batch.js";
import type { Staging } from "../../store/staging.js";
import { WorkerPool, workerUrl } from "../threads.js";
import { EventReader } from "./event-reader.js";
import { EventRows } from "./event-rows.js";
import { InTurn } from "./in-turn.js";
import type { Part, PartProgress, PartResult, ReadingRules } from "./part.js";
import { readParquet } from "./read-parquet.js";
import type { Tally } from "./tally.js";

/** Reads all parts into the staging table: Parquet by DuckDB here, everything else in worker threads. */
export async function readLogs(
  parts: readonly Part[],
  rules: ReadingRules,
  into: { readonly staging: Staging; readonly tally: Tally; readonly temp: string },
  world: World,
): Promise<void> {
  const { staging, tally, temp } = into;
  const inTurn = new InTurn((part: number, { sender, batch }: Portion) => staging.append(batch, part, sender));
  const take = (part: number, sender: number, progress: PartProgress, release: () => void) => {
    inTurn.take(part, { sender, batch: progress.batch });
    tally.reject(part, progress.rejects, release);
  };
  const done = (part: number, result: PartResult) => {
    inTurn.done(part);
    tally.done(part, result);
  };
  const threads = Math.min(world.threads, parts.filter(({ kind }) => kind !== "parquet").length);
  const pool = threads === 0 ? null : new WorkerPool(workerUrl("ingest-worker"), rules, { ...world, threads });
  const events = new EventReader(rules.nowMs, new EventRows());
  let parquets: Promise<unknown> = Promise.resolve();
  const reading = parts.map(async (part, index) => {
    if (part.kind !== "parquet") {
      assert(pool !== null, "a log that is not Parquet has a thread to read it");
      const result = await pool.run(part, (progress, reply, thread) =>
        take(index, thread, progress as PartProgress, reply),
      );
      done(index, result as PartResult);
      return;
    }
    const before = parquets;
    const read = before.then(() =>
      readParquet(
        part,
        rules,
        events,
        { temp },
        (progress) => new Promise((release) => take(index, MAIN_THREAD, progress as PartProgress, release)),
        world,
      ),
    );
    parquets = read;
    done(index, await read);
  });
  try {
    await Promise.all(reading);
  } finally {
    await pool?.close();
    await Promise.allSettled(reading);
  }
}

interface Portion {
  readonly sender: number;
  readonly batch: EventBatch;
}

/** The sender of what is read here; the threads count from 0. */
const MAIN_THREAD = -1;
