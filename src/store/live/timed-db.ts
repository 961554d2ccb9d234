import { performance } from "node:perf_hooks";
import type { LiveDb } from "./live-db.js";

/** Told of each statement or transaction: how long it took, with its wait, and whether it was done. */
export type StoreObserver = (
  operation: "query" | "exec" | "transaction" | "snapshot",
  seconds: number,
  isDone: boolean,
) => void;

/** The same database, watched. */
export function timedDb(db: LiveDb, observe: StoreObserver): LiveDb {
  const timed = async <T>(operation: Parameters<StoreObserver>[0], work: Promise<T>): Promise<T> => {
    const start = performance.now();
    let isDone = false;
    try {
      const result = await work;
      isDone = true;
      return result;
    } finally {
      observe(operation, (performance.now() - start) / 1000, isDone);
    }
  };
  return {
    query: (text, values) => timed("query", db.query(text, values)),
    exec: (script) => timed("exec", db.exec(script)),
    transaction: (action, options) => timed("transaction", db.transaction(action, options)),
    snapshot: (action) => timed("snapshot", db.snapshot(action)),
    reclaim: (options) => db.reclaim(options),
    close: () => db.close(),
  };
}
