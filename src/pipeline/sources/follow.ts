import { resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { RefrainError } from "../../base/errors.js";
import type { World } from "../../base/world.js";
import { type LineCounts, type LineSink, NO_LINES, sumOf } from "./line-sink.js";
import { Place } from "./places.js";
import { type FilePlace, TailFile } from "./tail-file.js";

const POLL_MS = 250;
/** Taken without a rest. */
const FULL_BYTES = 4 << 20;

export interface FollowOptions {
  /** Whose home remembers the place. */
  readonly home: string;
  readonly path: string;
  /** Whether to end at the end of the file, rather than wait for more. */
  readonly isOnce: boolean;
}

/**
 * Gives the lines of a file of JSON lines to a sink as they come, until the command is stopped. The next call goes on where this one was.
 * Throws `FILE_UNREADABLE` and what the sink throws.
 */
export async function follow({ home, path, isOnce }: FollowOptions, sink: LineSink, world: World): Promise<LineCounts> {
  const source = resolve(path);
  const memory = new Place<FilePlace>(home, { source, sink: sink.name });
  const tail = new TailFile(source, memory.read());
  let counts = NO_LINES;
  let restedAt = Number.NEGATIVE_INFINITY;
  try {
    for (;;) {
      const isLast = isOnce || world.signal.aborted;
      const isDue = isLast || tail.waitingBytes >= FULL_BYTES || world.now() - restedAt >= sink.restMs;
      const lines = isDue ? tail.next() : null;
      if (lines === null) {
        if (isLast) return counts;
        await setTimeout(POLL_MS);
        continue;
      }
      if (lines.bytes.length > 0) {
        const { bytes, linesBefore } = lines;
        counts = sumOf(counts, await sink.take({ bytes, source, linesBefore }));
      }
      memory.write(lines.place);
      restedAt = world.now();
      world.log.info(`${counts.lines} lines of ${path}: ${counts.accepted} accepted`);
      if (world.signal.aborted) return counts;
    }
  } catch (error) {
    // Stopped while the sink waited: what was not kept is read again the next time.
    if (error instanceof RefrainError && error.code === "INTERRUPTED") return counts;
    throw error;
  } finally {
    tail.close();
  }
}
