import { DOUBLE, type DuckDBConnection, INTEGER } from "@duckdb/node-api";
import { ColumnAppender } from "./append-columns.js";
import { TEXT_COLUMN_NAMES, type TextColumn, TUPLE_NAMES, TUPLES, type TupleName } from "./event-batch.js";
import { TupleList } from "./tuple-list.js";

export type TupleTables = Readonly<Record<TupleName, TupleTable>>;

/** The different tuples of one kind, in a table of its name `(code, …)` with texts as words, and, to find codes, in memory. */
export class TupleTable {
  readonly list: TupleList;
  private readonly appender: ColumnAppender;
  /** Of each value of a tuple, its text column; −1 for a number. */
  private readonly textColumns: readonly number[];

  constructor(name: TupleName, appender: ColumnAppender) {
    this.textColumns = TUPLES[name].map((column) => TEXT_COLUMN_NAMES.indexOf(column as TextColumn));
    this.list = new TupleList(this.textColumns.length);
    this.appender = appender;
  }

  /**
   * The codes of a sender's tuples; unknown ones are added.
   *
   * @param tuples one after the other
   * @param words the sender's code → ours, by text column
   */
  codesOf(tuples: Float64Array, words: readonly Int32Array[]): Int32Array {
    const width = this.textColumns.length;
    const known = this.list.count;
    const codes = Int32Array.from({ length: tuples.length / width }, (_, i) => {
      const tuple = tuples.slice(i * width, (i + 1) * width);
      this.textColumns.forEach((column, at) => {
        const word = tuple[at] as number;
        if (column !== -1 && word !== -1) tuple[at] = words[column]?.[word] as number;
      });
      return this.list.codeOf(tuple);
    });
    this.append(known);
    return codes;
  }

  private append(known: number): void {
    const fresh = this.list.takeFresh();
    const width = this.textColumns.length;
    const rows = this.list.count - known;
    if (rows === 0) return;
    const column = (at: number) => Float64Array.from({ length: rows }, (_, i) => fresh[i * width + at] as number);
    const codes = Int32Array.from({ length: rows }, (_, i) => known + i);
    const values = this.textColumns.map((text, at) => (text === -1 ? column(at) : Int32Array.from(column(at))));
    this.appender.add([codes, ...values], rows);
  }

  close(): void {
    this.appender.close();
  }
}

export async function createTupleTables(connection: DuckDBConnection): Promise<TupleTables> {
  const tables: [TupleName, TupleTable][] = [];
  for (const name of TUPLE_NAMES) {
    const isText = (column: string) => (TEXT_COLUMN_NAMES as readonly string[]).includes(column);
    const types = [INTEGER, ...TUPLES[name].map((column) => (isText(column) ? INTEGER : DOUBLE))];
    const columns = ["code", ...TUPLES[name]].map((column, i) => `${column} ${types[i]}`);
    await connection.run(`CREATE TEMP TABLE ${name} (${columns.join(", ")})`);
    tables.push([name, new TupleTable(name, new ColumnAppender(await connection.createAppender(name), types))]);
  }
  return Object.fromEntries(tables) as TupleTables;
}
