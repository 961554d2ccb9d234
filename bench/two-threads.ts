import { isMainThread, parentPort, Worker } from "node:worker_threads";

/** A measured program: what a second thread brings on this machine for arithmetic in the processor's cache, both threads warm. */

const VALUES = 1 << 14;
const ROUNDS = 6_000;

function work(): number {
  const values = new Float64Array(VALUES);
  let sum = 1;
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < VALUES; i++) values[i] = ((values[(i * 7 + round) & (VALUES - 1)] as number) + i) * 0.999;
    sum += values[round & (VALUES - 1)] as number;
  }
  return sum;
}

if (isMainThread) {
  const threads = [0, 1].map(() => new Worker(new URL(import.meta.url), { execArgv: [] }));
  const once = (thread: Worker) =>
    new Promise<void>((resolve) => {
      thread.once("message", () => resolve());
      thread.postMessage("work");
    });
  const timed = async (run: () => Promise<unknown>) => {
    const started = performance.now();
    await run();
    return performance.now() - started;
  };
  const [first, second] = threads as [Worker, Worker];
  await Promise.all(threads.map(once));
  const alone = await timed(async () => {
    await once(first);
    await once(first);
  });
  const together = await timed(() => Promise.all([once(first), once(second)]));
  console.log(JSON.stringify({ gain: alone / together }));
  await Promise.all(threads.map((thread) => thread.terminate()));
} else {
  parentPort?.on("message", () => parentPort?.postMessage(work()));
}
