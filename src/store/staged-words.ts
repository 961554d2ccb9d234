import { type DuckDBAppender, type DuckDBConnection, DuckDBDataChunk, INTEGER, VARCHAR } from "@duckdb/node-api";
import { TEXT_COLUMN_NAMES, type TextColumn } from "./event-batch.js";

const CHUNK_ROWS = 2048;

/** The distinct texts of one column, in a table `word_<column>(code, text)` and, to find codes, in memory. */
export class WordTable {
  private readonly codes = new Map<string, number>();
  private readonly chunk = DuckDBDataChunk.create([INTEGER, VARCHAR]);
  private readonly appender: DuckDBAppender;

  constructor(appender: DuckDBAppender) {
    this.appender = appender;
  }

  /** The codes of the words; unknown ones are added. */
  codesOf(words: readonly string[]): Int32Array {
    const out = new Int32Array(words.length);
    const fresh: string[] = [];
    for (let i = 0; i < words.length; i++) {
      const word = words[i] as string;
      let code = this.codes.get(word);
      if (code === undefined) {
        code = this.codes.size;
        this.codes.set(word, code);
        fresh.push(word);
      }
      out[i] = code;
    }
    this.append(fresh);
    return out;
  }

  /** How many texts there are; −1, no text, is not counted. */
  get count(): number {
    return this.codes.size;
  }

  /** The texts by code. */
  texts(): string[] {
    return [...this.codes.keys()];
  }

  private append(words: readonly string[]): void {
    const first = this.codes.size - words.length;
    for (let from = 0; from < words.length; from += CHUNK_ROWS) {
      const part = words.slice(from, from + CHUNK_ROWS);
      this.chunk.reset();
      this.chunk.rowCount = part.length;
      this.chunk.setColumnValues(
        0,
        part.map((_, i) => first + from + i),
      );
      this.chunk.setColumnValues(1, part);
      this.appender.appendDataChunk(this.chunk);
    }
  }

  close(): void {
    this.appender.closeSync();
  }
}

export type WordTables = Readonly<Record<TextColumn, WordTable>>;

/** One table a text column, in the order of `TEXT_COLUMN_NAMES`; −1 is the code of no text. */
export async function createWordTables(connection: DuckDBConnection): Promise<WordTables> {
  const tables: [TextColumn, WordTable][] = [];
  for (const column of TEXT_COLUMN_NAMES) {
    await connection.run(`CREATE TEMP TABLE word_${column} (code INTEGER, text VARCHAR)`);
    await connection.run(`INSERT INTO word_${column} VALUES (-1, NULL)`);
    tables.push([column, new WordTable(await connection.createAppender(`word_${column}`))]);
  }
  return Object.fromEntries(tables) as WordTables;
}
