import { mkdirSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { compiledUrl } from "../../base/compiled-url.js";
import { RefrainError } from "../../base/errors.js";
import { inTransaction } from "./in-transaction.js";
import type { LiveDb, LiveSql, SqlValue, TransactionOptions } from "./live-db.js";
import type { PgliteAnswer, PgliteTask } from "./pglite-messages.js";
import { sqlFailure } from "./sql-error.js";
import { Turns } from "./turns.js";

interface Asked {
  readonly resolve: (rows: readonly unknown[]) => void;
  readonly reject: (error: Error) => void;
}

/** Tables are counted again every so many times that their room is reclaimed, and more often while they are new. */
const ANALYZE_EVERY = 8;

/**
 * PGlite in a folder, in a thread of its own. It has one connection: transactions and single statements take turns. What is
 * committed survives the death of the process, not the loss of power. One process at a time may have it open: the caller
 * holds the home.
 */
export class PgliteDb implements LiveDb {
  readonly #worker: Worker;
  readonly #turns = new Turns();
  readonly #asked: Asked[] = [];
  #broken: Error | null = null;
  #reclaimed = 0;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    const url = new URL(compiledUrl(new URL("./pglite-worker.js", import.meta.url).href));
    // No options of the main process: some, such as --input-type, keep a thread from starting.
    this.#worker = new Worker(url, { workerData: { folder }, execArgv: [] });
    this.#worker.on("message", (answer: PgliteAnswer) => this.#receive(answer));
    this.#worker.on("error", (error) => this.#fail(error.message));
    this.#worker.on("exit", () => this.#fail("its thread has ended"));
  }

  query<Row>(text: string, values: readonly SqlValue[] = []): Promise<Row[]> {
    return this.#turns.take(() => this.#sql.query<Row>(text, values));
  }

  exec(script: string): Promise<void> {
    return this.#turns.take(() => this.#sql.exec(script));
  }

  transaction<T>(action: (sql: LiveSql) => Promise<T>, { byKey = false }: TransactionOptions = {}): Promise<T> {
    return this.#turns.take(() => inTransaction(this.#sql, byKey ? "byKey" : "write", action));
  }

  snapshot<T>(action: (sql: LiveSql) => Promise<T>): Promise<T> {
    return this.#turns.take(() => inTransaction(this.#sql, "snapshot", action));
  }

  async reclaim({ thorough }: { readonly thorough: boolean } = { thorough: false }): Promise<void> {
    if (thorough) {
      await this.exec("VACUUM FULL ANALYZE");
      // Files of the log of what was written are removed instead of used again.
      await this.exec("SET wal_recycle = off; SELECT pg_switch_wal()");
      await this.exec("CHECKPOINT");
      await this.exec("SELECT pg_switch_wal()");
      await this.exec("CHECKPOINT");
      await this.exec("RESET wal_recycle");
      return;
    }
    // ANALYZE too: without it every plan is made for a table as it was when empty. It takes several times as long as the rest.
    const times = ++this.#reclaimed;
    const isOftenEnough = times % ANALYZE_EVERY === 0 || (times < ANALYZE_EVERY && Number.isInteger(Math.log2(times)));
    await this.exec(isOftenEnough ? "VACUUM ANALYZE" : "VACUUM");
    await this.exec("CHECKPOINT");
  }

  async close(): Promise<void> {
    try {
      if (this.#broken === null) await this.#turns.take(() => this.#ask({ kind: "close" }));
    } finally {
      await this.#worker.terminate();
    }
  }

  readonly #sql: LiveSql = {
    query: async <Row>(text: string, values: readonly SqlValue[] = []) =>
      (await this.#ask({ kind: "query", text, values })) as Row[],
    exec: async (text) => {
      await this.#ask({ kind: "exec", text });
    },
  };

  #ask(task: PgliteTask): Promise<readonly unknown[]> {
    return new Promise((resolve, reject) => {
      if (this.#broken !== null) {
        reject(this.#broken);
        return;
      }
      this.#asked.push({ resolve, reject });
      this.#worker.postMessage(task);
    });
  }

  #receive(answer: PgliteAnswer): void {
    const asked = this.#asked.shift();
    if (answer.kind === "rows") asked?.resolve(answer.rows);
    else asked?.reject(sqlFailure({ message: answer.reason, code: answer.code }));
  }

  #fail(reason: string): void {
    this.#broken ??= new RefrainError("STORE_UNAVAILABLE", { reason });
    for (const { reject } of this.#asked.splice(0)) reject(this.#broken);
  }
}
