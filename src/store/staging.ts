import { DOUBLE, type DuckDBConnection, INTEGER, SMALLINT } from "@duckdb/node-api";
import { assert } from "../base/assert.js";
import { ColumnAppender } from "./append-columns.js";
import { Arrival } from "./arrival.js";
import { type EventBatch, NUMBER_COLUMN_NAMES, TEXT_COLUMN_NAMES } from "./event-batch.js";
import { HeldRows } from "./held-rows.js";
import { createWordTables, type WordTable } from "./staged-words.js";

/** A row's `ord` is its part × this + its line: unique, and in the order (part, line). Exact up to 2^19 parts. */
export const LINES_PER_PART_MAX = 2 ** 34;
const PARTS_MAX = 2 ** 19;
/** In the order of `NUMBER_COLUMN_NAMES`. */
const STAGED_NUMBERS = ["ord", "ts", "session_id", "registration", "item", "length_10us", "status"] as const;

/** Where batches wait, as codes, until they are compared with each other and with the lake. */
export interface Staging {
  readonly connection: DuckDBConnection;
  /** The same rows in memory, as far as identity and the folds need them. */
  readonly held: HeldRows;
  rows(): number;
  /** True when the rows came in the order (ts, part, line) and no two of them can be the same event. */
  isOrderedAndDistinct(): boolean;
  /** Adds a batch of one sender; `part` numbers what it was read from, in the order in which the first duplicate wins. */
  append(batch: EventBatch, part: number, sender: number): void;
  /** To be called once, after the last batch. */
  close(): void;
}

export async function openStaging(connection: DuckDBConnection): Promise<Staging> {
  const types = [DOUBLE, DOUBLE, DOUBLE, DOUBLE, INTEGER, INTEGER, SMALLINT, ...TEXT_COLUMN_NAMES.map(() => INTEGER)];
  const names = [...STAGED_NUMBERS, ...TEXT_COLUMN_NAMES];
  await connection.run(`CREATE TEMP TABLE staged (${names.map((name, i) => `${name} ${types[i]}`).join(", ")})`);
  const words = await createWordTables(connection);
  return new TableStaging(connection, words, new ColumnAppender(await connection.createAppender("staged"), types));
}

class TableStaging implements Staging {
  readonly connection: DuckDBConnection;
  readonly held = new HeldRows();
  private readonly words: readonly WordTable[];
  private readonly appender: ColumnAppender;
  /** Sender → text column → the sender's code → ours. */
  private readonly ours = new Map<number, Int32Array[]>();
  private readonly arrival = new Arrival();
  private count = 0;

  constructor(connection: DuckDBConnection, words: readonly WordTable[], appender: ColumnAppender) {
    this.connection = connection;
    this.words = words;
    this.appender = appender;
  }

  rows(): number {
    return this.count;
  }

  isOrderedAndDistinct(): boolean {
    return this.arrival.isOrderedAndDistinct;
  }

  append(batch: EventBatch, part: number, sender: number): void {
    assert(part < PARTS_MAX, `part ${part} is beyond ${PARTS_MAX}`);
    const ours = this.learn(batch, sender);
    for (let i = 0; i < batch.rows; i++) batch.line[i] = part * LINES_PER_PART_MAX + (batch.line[i] as number);
    batch.codes.forEach((codes, column) => {
      const map = ours[column] as Int32Array;
      for (let i = 0; i < batch.rows; i++) if (codes[i] !== -1) codes[i] = map[codes[i] as number] as number;
    });
    this.arrival.add(batch);
    this.appender.add([...NUMBER_COLUMN_NAMES.map((name) => batch[name]), ...batch.codes], batch.rows);
    this.held.add(batch);
    this.count += batch.rows;
  }

  private learn(batch: EventBatch, sender: number): Int32Array[] {
    const before = this.ours.get(sender) ?? TEXT_COLUMN_NAMES.map(() => new Int32Array(0));
    const after = this.words.map((table, column) => {
      const known = before[column] as Int32Array;
      const words = batch.words[column] ?? [];
      if (words.length === 0) return known;
      const longer = new Int32Array(known.length + words.length);
      longer.set(known);
      longer.set(table.codesOf(words), known.length);
      return longer;
    });
    this.ours.set(sender, after);
    return after;
  }

  close(): void {
    this.appender.close();
    for (const table of this.words) table.close();
  }
}
