import { assert } from "../../base/assert.js";
import type { World } from "../../base/world.js";
import type { Staging } from "../../store/staging.js";
import { WorkerPool, workerUrl } from "../threads.js";
import { EventReader } from "./event-reader.js";
import { EventRows } from "./event-rows.js";
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
  const take = (part: number, sender: number, progress: PartProgress, release: () => void) => {
    if (progress.batch.rows > 0 || progress.batch.words.length > 0) staging.append(progress.batch, part, sender);
    tally.reject(part, progress.rejects, release);
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
      tally.done(index, result as PartResult);
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
    tally.done(index, await read);
  });
  try {
    await Promise.all(reading);
  } finally {
    await pool?.close();
    await Promise.allSettled(reading);
  }
}

/** The sender of what is read here; the threads count from 0. */
const MAIN_THREAD = -1;
