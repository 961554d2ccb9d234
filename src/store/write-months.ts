import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { moveIntoPlace } from "./atomic-file.js";
import { sqlText } from "./duckdb.js";
import { TEXT_COLUMN_NAMES } from "./event-batch.js";
import { homePaths } from "./home-paths.js";
import type { EventFile } from "./manifest.js";
import { type WordsToWrite, wordsToWrite } from "./words-to-write.js";

/** Small enough that one month is written, and later read, by several threads. */
const ROW_GROUP_ROWS = 65_536;

/** Of the table `fresh`, the months (year × 100 + month, UTC), and the tables that its texts are written from. */
export interface MonthsToWrite {
  readonly months: readonly number[];
  readonly words: WordsToWrite;
}

export async function monthsToWrite(connection: DuckDBConnection): Promise<MonthsToWrite> {
  // The dictionaries are the built side of every join, so the rows stream through in the order of `fresh`.
  await connection.run("SET disabled_optimizers = 'build_side_probe_side,join_order'");
  const words = await wordsToWrite(connection);
  const result = await connection.run("SELECT DISTINCT month FROM fresh ORDER BY month");
  return { months: (await result.getRows()).map(([month]) => Number(month)), words };
}

/**
 * Writes the table `fresh` to one Parquet file a month and returns them; nobody reads them until a manifest names them. It is all
 * one job for DuckDB, which is begun when this returns, so that the thread can do something else meanwhile.
 */
export async function writeMonths(
  connection: DuckDBConnection,
  { months, words }: MonthsToWrite,
  { home, version }: { readonly home: string; readonly version: number },
): Promise<EventFile[]> {
  const paths = homePaths(home);
  mkdirSync(paths.temp, { recursive: true });
  const name = `${String(version).padStart(6, "0")}.parquet`;
  const temporary = (month: number) => join(paths.temp, `${month}-${name}`);
  const copies = months.map(
    (month) =>
      `COPY (${rowsSql(month, words)}) TO ${sqlText(temporary(month))} (FORMAT parquet, ROW_GROUP_SIZE ${ROW_GROUP_ROWS})`,
  );
  const result = await connection.run([...copies, FIGURES_SQL].join("; "));
  return (await result.getRows()).map(([code, rows, blankRows, firstTs, lastTs, digest]) => {
    const month = Number(code);
    const path = `events/month=${String(month).slice(0, 4)}-${String(month).slice(4)}/${name}`;
    moveIntoPlace(temporary(month), join(paths.lake, path));
    const stats = {
      rows: Number(rows),
      blankRows: Number(blankRows),
      firstTs: Number(firstTs),
      lastTs: Number(lastTs),
    };
    return { path, ...stats, digest: String(digest) };
  });
}

/** What the manifest says of each month. */
const FIGURES_SQL = `SELECT f.month, count(*)::DOUBLE, (count(*) FILTER (u.text = ''))::DOUBLE, min(f.ts), max(f.ts),
    printf('%016x', bit_xor(hash(u.text, p.text, f.session_id::BIGINT, f.item, f.ts::BIGINT)))
  FROM fresh f JOIN word_user_id u ON u.code = f.user_id JOIN word_page p ON p.code = f.page
  GROUP BY f.month ORDER BY f.month`;

/** The columns of the lake, in their order, for one month. */
function rowsSql(month: number, words: WordsToWrite): string {
  const text = (name: string) => `word_${name}.text AS ${name}`;
  const [userId, page, ...rest] = TEXT_COLUMN_NAMES;
  // Inner joins on unique small numbers are look-ups by place; −1 has a row of its own in every table.
  const joins = TEXT_COLUMN_NAMES.map((name) => `JOIN ${words[name]} word_${name} ON word_${name}.code = f.${name}`);
  return `SELECT ${text(userId as string)}, f.ts::BIGINT AS ts, f.session_id::BIGINT AS session_id, f.item,
      ${text(page as string)}, ${rest.slice(0, 2).map(text)}, nullif(f.status, -1)::SMALLINT AS status, ${rest.slice(2).map(text)},
      CASE WHEN isnan(f.registration) THEN NULL ELSE f.registration::BIGINT END AS registration,
      nullif(f.length_10us, -1) AS length_10us, word_artist.id AS artist_id, word_song.id AS song_id
    FROM fresh f ${joins.join(" ")} WHERE f.month = ${month}`;
}
