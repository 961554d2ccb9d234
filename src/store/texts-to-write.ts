import { low52Sql } from "./code-sql.js";
import { OWN_TEXTS, TEXT_COLUMN_NAMES, type TextColumn, TUPLE_NAMES, TUPLES } from "./event-batch.js";
import type { Staging } from "./staging.js";

/** Small enough that one month is written, and later read, by several threads. */
export const ROW_GROUP_ROWS = 65_536;

/** Every row group holds the whole list of an enum: all of them together are to be a fraction of the rows. */
const ENUM_SHARE_MAX = 1 / 4;

/** What the lake holds of a column of a tuple that is no text. */
const NUMBERS_SQL: Readonly<Record<string, string>> = {
  status: "nullif(t.status, -1)::SMALLINT",
  registration: "CASE WHEN isnan(t.registration) THEN NULL ELSE t.registration::BIGINT END",
};

/**
 * SQL that makes the tables that rows are written from: `request_texts` and `profile_texts`, the tuples in the columns of the lake; and
 * `id_artist` and `id_song`, the words with their numbers for the folds. Texts of which there are few are enums: Parquet's
 * dictionary is there already then, where that of a text is found by hashing every value, which is most of the time of
 * writing; what is written is the same, but for a list of all texts that were read, also of rows that are not written.
 */
export function textsToWriteSql(
  { words, months }: Pick<Staging, "words" | "months">,
  { mayList }: { readonly mayList: boolean } = { mayList: true },
): string {
  const wordsMax = (ENUM_SHARE_MAX * months.rows) / months.groupsOf(ROW_GROUP_ROWS);
  const few = TEXT_COLUMN_NAMES.filter(
    (column) => mayList && words[column].count > 0 && words[column].count <= wordsMax,
  );
  const enums = few.map(
    (column) =>
      `CREATE TEMP TYPE ${column}_word AS ENUM (SELECT text FROM word_${column} WHERE code >= 0 ORDER BY code)`,
  );
  const typed = (column: TextColumn, text: string) => (few.includes(column) ? `${text}::${column}_word` : text);
  const ids = OWN_TEXTS.map(
    (column) =>
      `CREATE TEMP TABLE id_${column} AS
       SELECT code, ${typed(column, "text")} AS text, ${low52Sql("text")} AS id FROM word_${column}`,
  );
  return [...enums, ...TUPLE_NAMES.map((name) => tupleSql(name, typed)), ...ids].join("; ");
}

function tupleSql(name: keyof typeof TUPLES, typed: (column: TextColumn, text: string) => string): string {
  const texts = TUPLES[name].filter((column): column is Extract<typeof column, TextColumn> => !(column in NUMBERS_SQL));
  const columns = TUPLES[name].map((column) => {
    const sql = NUMBERS_SQL[column] ?? typed(column as TextColumn, `w_${column}.text`);
    return `${sql} AS ${column}`;
  });
  const joins = texts.map((column) => `JOIN word_${column} w_${column} ON w_${column}.code = t.${column}`);
  return `CREATE TEMP TABLE ${name}_texts AS SELECT t.code, ${columns.join(", ")} FROM ${name} t ${joins.join(" ")}`;
}
