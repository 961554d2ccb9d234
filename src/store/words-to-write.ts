import type { DuckDBConnection } from "@duckdb/node-api";
import { low52Sql } from "./code-sql.js";
import { readNumbers } from "./duckdb.js";
import { TEXT_COLUMN_NAMES, type TextColumn } from "./event-batch.js";

/** Texts that the lake also holds as numbers, for the folds. */
const WITH_ID: readonly TextColumn[] = ["artist", "song"];

/** Every row group of a file holds the whole list of an enum, so that a long one is not worth it. */
const ENUM_WORDS_MAX = 2_048;

/** Of each text column, the table (code, text, and for some id) that its texts are written from. */
export type WordsToWrite = Readonly<Record<TextColumn, string>>;

/**
 * Makes the tables that texts are written from: `id_artist` and `id_song` with the number of each word for the folds, and
 * `enum_…` where words are few. Parquet's dictionary of an enum is there already, where that of a text is found by hashing
 * every value, which is most of the time of writing; what is written is the same.
 */
export async function wordsToWrite(connection: DuckDBConnection): Promise<WordsToWrite> {
  const tables: [TextColumn, string][] = [];
  for (const column of TEXT_COLUMN_NAMES) tables.push([column, await tableOf(connection, column)]);
  return Object.fromEntries(tables) as WordsToWrite;
}

async function tableOf(connection: DuckDBConnection, column: TextColumn): Promise<string> {
  const words = `word_${column}`;
  if (WITH_ID.includes(column)) {
    await connection.run(`CREATE TEMP TABLE id_${column} AS SELECT *, ${low52Sql("text")} AS id FROM ${words}`);
    return `id_${column}`;
  }
  const [count = 0] = await readNumbers(connection, `SELECT count(text) FROM ${words}`);
  if (count === 0 || count > ENUM_WORDS_MAX) return words;
  const type = `${column}_words`;
  await connection.run(
    `CREATE TEMP TYPE ${type} AS ENUM (SELECT text FROM ${words} WHERE text IS NOT NULL ORDER BY code)`,
  );
  await connection.run(`CREATE TEMP TABLE enum_${column} AS SELECT code, text::${type} AS text FROM ${words}`);
  return `enum_${column}`;
}
