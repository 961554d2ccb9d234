import { openSync, readSync, statSync } from "node:fs";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

/**
 * A measured program: how long `JSON.parse` of every line takes, and nothing else, over two ranges of a file in two threads. What is
 * left of a reader that makes objects. Argument: a log. Prints one JSON line; its seconds are without the main thread's start.
 */

const THREADS = 2;
const CHUNK_BYTES = 1 << 22;

interface Range {
  readonly path: string;
  readonly from: number;
  readonly to: number;
}

/** The lines that begin in a range. */
function parseRange({ path, from, to }: Range): number {
  const file = openSync(path, "r");
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let lines = 0;
  let at = from;
  let skipping = from > 0;
  for (;;) {
    const bytes = readSync(file, chunk, 0, CHUNK_BYTES, skipping ? at - 1 : at);
    if (bytes === 0) return lines;
    let start = skipping ? chunk.indexOf(10) + 1 : 0;
    if (skipping) at += start - 1;
    skipping = false;
    for (let end = chunk.indexOf(10, start); end !== -1 && end < bytes; end = chunk.indexOf(10, start)) {
      if (at >= to) return lines;
      JSON.parse(chunk.toString("utf8", start, end));
      lines++;
      at += end + 1 - start;
      start = end + 1;
    }
  }
}

if (isMainThread) {
  const path = process.argv[2] ?? "";
  const bytes = statSync(path).size;
  const started = performance.now();
  const counts = await Promise.all(
    Array.from({ length: THREADS }, (_, i) => {
      const range: Range = {
        path,
        from: Math.floor((bytes * i) / THREADS),
        to: Math.floor((bytes * (i + 1)) / THREADS),
      };
      const worker = new Worker(new URL(import.meta.url), { workerData: range, execArgv: [] });
      return new Promise<number>((resolve, reject) => worker.once("message", resolve).once("error", reject));
    }),
  );
  const total = (performance.now() - started) / 1000;
  console.log(JSON.stringify({ lines: counts.reduce((sum, one) => sum + one, 0), seconds: { total } }));
} else {
  parentPort?.postMessage(parseRange(workerData as Range));
}
