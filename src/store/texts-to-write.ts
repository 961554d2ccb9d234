import { low52Sql } from "./code-sql.js";
import { OWN_TEXTS, TEXT_COLUMN_NAMES, type TextColumn, TUPLE_NAMES, TUPLES } from "./event-batch.js";
import type { WordTables } from "./staged-words.js";

/** Every row group of a file holds the whole list of an enum, so that a long one is not worth it. */
const ENUM_WORDS_MAX = 2_048;

/** What the lake holds of a column of a tuple that is no text. */
const NUMBERS_SQL: Readonly<Record<string, string>> = {
  status: "nullif(t.status, -1)::SMALLINT",
  registration: "CASE WHEN isnan(t.registration) THEN NULL ELSE t.registration::BIGINT END",
};

/**
 * SQL that makes the tables that rows are written from: `request_texts` and `profile_texts`, the tuples in the columns of the lake; and
 * `id_artist` and `id_song`, the words with their numbers for the folds. Texts of which there are few are enums: Parquet's
 * dictionary is there already then, where that of a text is found by hashing every value, which is most of the time of
 * writing; what is written is the same.
 */
export function textsToWriteSql(words: WordTables): string {
  const few = TEXT_COLUMN_NAMES.filter((column) => words[column].count > 0 && words[column].count <= ENUM_WORDS_MAX);
  const enums = few.map(
    (column) =>
      `CREATE TEMP TYPE ${column}_word AS ENUM (SELECT text FROM word_${column} WHERE code >= 0 ORDER BY code)`,
  );
  const ids = OWN_TEXTS.map(
    (column) => `CREATE TEMP TABLE id_${column} AS SELECT *, ${low52Sql("text")} AS id FROM word_${column}`,
  );
  return [...enums, ...TUPLE_NAMES.map((name) => tupleSql(name, few)), ...ids].join("; ");
}

function tupleSql(name: keyof typeof TUPLES, few: readonly TextColumn[]): string {
  const texts = TUPLES[name].filter((column): column is Extract<typeof column, TextColumn> => !(column in NUMBERS_SQL));
  const columns = TUPLES[name].map((column) => {
    const text = `w_${column}.text${few.includes(column as TextColumn) ? `::${column}_word` : ""}`;
    return `${NUMBERS_SQL[column] ?? text} AS ${column}`;
  });
  const joins = texts.map((column) => `JOIN word_${column} w_${column} ON w_${column}.code = t.${column}`);
  return `CREATE TEMP TABLE ${name}_texts AS SELECT t.code, ${columns.join(", ")} FROM ${name} t ${joins.join(" ")}`;
}
