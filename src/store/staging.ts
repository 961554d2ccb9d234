import { DOUBLE, type DuckDBConnection, INTEGER } from "@duckdb/node-api";
import { assert } from "../base/assert.js";
import { ColumnAppender } from "./append-columns.js";
import { Arrival } from "./arrival.js";
import { type EventBatch, OWN_TEXTS, ROW_COLUMN_NAMES, TEXT_COLUMN_NAMES, TUPLE_NAMES } from "./event-batch.js";
import { HeldRows } from "./held-rows.js";
import { MonthCounts } from "./month-counts.js";
import { createTupleTables, type TupleTables } from "./staged-tuples.js";
import { createWordTables, type WordTables } from "./staged-words.js";

/** A row's `ord` is its part × this + its line: unique, and in the order (part, line). Exact up to 2^19 parts. */
export const LINES_PER_PART_MAX = 2 ** 34;
const PARTS_MAX = 2 ** 19;
/** In the order of `ROW_COLUMN_NAMES`. */
const STAGED = {
  ord: DOUBLE,
  ts: DOUBLE,
  session_id: DOUBLE,
  item: INTEGER,
  length_10us: INTEGER,
  artist: INTEGER,
  song: INTEGER,
  request: INTEGER,
  profile: INTEGER,
};

/** Where batches wait, as codes, until they are compared with each other and with the lake. */
export interface Staging {
  readonly connection: DuckDBConnection;
  /** The same rows in memory, as far as identity and the folds need them. */
  readonly held: HeldRows;
  readonly words: WordTables;
  readonly tuples: TupleTables;
  readonly months: MonthCounts;
  /** Rows of each part. */
  readonly rowsByPart: ReadonlyMap<number, number>;
  rows(): number;
  /** True when the rows came in the order (ts, part, line) and no two of them can be the same event. */
  isOrderedAndDistinct(): boolean;
  /** Adds a batch of one sender; `part` numbers what it was read from, in the order in which the first duplicate wins. */
  append(batch: EventBatch, part: number, sender: number): void;
  /** To be called once, after the last batch. */
  close(): void;
}

/** Makes the table `staged`, and the tables of its tuples and words. `isHeld`: whether the rows are wanted in memory too. */
export async function openStaging(connection: DuckDBConnection, isHeld: boolean): Promise<Staging> {
  const columns = Object.entries(STAGED).map(([name, type]) => `${name} ${type}`);
  await connection.run(`CREATE TEMP TABLE staged (${columns.join(", ")})`);
  const words = await createWordTables(connection);
  const tuples = await createTupleTables(connection);
  const rows = new ColumnAppender(await connection.createAppender("staged"), Object.values(STAGED));
  return new TableStaging(connection, words, tuples, rows, new HeldRows(isHeld));
}

/** Of one sender: its code → ours, by text column and by tuple. */
interface Codes {
  words: Int32Array[];
  tuples: Record<string, Int32Array>;
}

class TableStaging implements Staging {
  readonly connection: DuckDBConnection;
  readonly held: HeldRows;
  readonly months = new MonthCounts();
  readonly words: WordTables;
  readonly tuples: TupleTables;
  readonly rowsByPart = new Map<number, number>();
  private readonly appender: ColumnAppender;
  private readonly ours = new Map<number, Codes>();
  private readonly arrival: Arrival;
  private count = 0;

  constructor(
    connection: DuckDBConnection,
    words: WordTables,
    tuples: TupleTables,
    appender: ColumnAppender,
    held: HeldRows,
  ) {
    this.connection = connection;
    this.words = words;
    this.tuples = tuples;
    this.appender = appender;
    this.held = held;
    // The first of their values.
    this.arrival = new Arrival({
      userOf: (profile) => tuples.profile.list.valueOf(profile, 0),
      pageOf: (request) => tuples.request.list.valueOf(request, 0),
    });
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
    const { rows, line } = batch;
    for (let i = 0; i < rows; i++) line[i] = part * LINES_PER_PART_MAX + (line[i] as number);
    for (const name of OWN_TEXTS)
      translate(batch[name], rows, ours.words[TEXT_COLUMN_NAMES.indexOf(name)] as Int32Array);
    for (const name of TUPLE_NAMES) translate(batch[name], rows, ours.tuples[name] as Int32Array);
    this.arrival.add(batch);
    this.months.add(batch);
    this.appender.add(
      ROW_COLUMN_NAMES.map((name) => batch[name]),
      rows,
    );
    this.held.add(batch);
    this.rowsByPart.set(part, (this.rowsByPart.get(part) ?? 0) + rows);
    this.count += rows;
  }

  private learn(batch: EventBatch, sender: number): Codes {
    const codes = this.ours.get(sender) ?? emptyCodes();
    this.ours.set(sender, codes);
    TEXT_COLUMN_NAMES.forEach((name, column) => {
      const words = batch.words[column] ?? [];
      if (words.length === 0) return;
      codes.words[column] = joined(codes.words[column] as Int32Array, this.words[name].codesOf(words));
    });
    for (const name of TUPLE_NAMES) {
      const tuples = batch.tuples[name];
      if (tuples.length === 0) continue;
      codes.tuples[name] = joined(codes.tuples[name] as Int32Array, this.tuples[name].codesOf(tuples, codes.words));
    }
    return codes;
  }

  close(): void {
    this.appender.close();
    for (const table of [...Object.values(this.words), ...Object.values(this.tuples)]) table.close();
  }
}

function emptyCodes(): Codes {
  const none = () => new Int32Array(0);
  return {
    words: TEXT_COLUMN_NAMES.map(none),
    tuples: Object.fromEntries(TUPLE_NAMES.map((name) => [name, none()])),
  };
}

/** In place, from a sender's codes to ours; −1 stays. */
function translate(codes: Int32Array, rows: number, ours: Int32Array): void {
  // hot loop
  for (let i = 0; i < rows; i++) if (codes[i] !== -1) codes[i] = ours[codes[i]!]!;
}

function joined(a: Int32Array, b: Int32Array): Int32Array {
  const out = new Int32Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}
