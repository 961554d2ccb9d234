import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { moveIntoPlace } from "./atomic-file.js";
import { sqlText } from "./duckdb.js";
import { TEXT_COLUMN_NAMES } from "./event-batch.js";
import { homePaths } from "./home-paths.js";
import type { EventFile } from "./manifest.js";
import type { WordsToWrite } from "./words-to-write.js";

/** Small enough that one month is written, and later read, by several threads. */
const ROW_GROUP_ROWS = 65_536;

/**
 * Writes the table `fresh` to one Parquet file a month and returns them; nobody reads them until a manifest names them.
 */
export async function writeMonths(
  connection: DuckDBConnection,
  words: WordsToWrite,
  { home, version }: { readonly home: string; readonly version: number },
): Promise<EventFile[]> {
  const paths = homePaths(home);
  mkdirSync(paths.temp, { recursive: true });
  // The dictionaries are the built side of every join, so the rows stream through in the order of `fresh`.
  await connection.run("SET disabled_optimizers = 'build_side_probe_side,join_order'");
  const name = `${String(version).padStart(6, "0")}.parquet`;
  const months = await monthsOf(connection);
  const temporary = months.map(({ code }) => join(paths.temp, `${code}-${name}`));
  // In one go, so that DuckDB gets on with it while this thread does something else.
  await connection.run(
    months
      .map(
        ({ code }, i) =>
          `COPY (${rowsSql(code, words)}) TO ${sqlText(temporary[i] as string)} (FORMAT parquet, ROW_GROUP_SIZE ${ROW_GROUP_ROWS})`,
      )
      .join("; "),
  );
  return months.map(({ code, stats }, i) => {
    const path = `events/month=${String(code).slice(0, 4)}-${String(code).slice(4)}/${name}`;
    moveIntoPlace(temporary[i] as string, join(paths.lake, path));
    return { path, ...stats };
  });
}

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

async function monthsOf(connection: DuckDBConnection) {
  const result = await connection.run(
    `SELECT f.month, count(*)::DOUBLE, (count(*) FILTER (u.text = ''))::DOUBLE, min(f.ts), max(f.ts),
       printf('%016x', bit_xor(hash(u.text, p.text, f.session_id::BIGINT, f.item, f.ts::BIGINT)))
     FROM fresh f JOIN word_user_id u ON u.code = f.user_id JOIN word_page p ON p.code = f.page
     GROUP BY f.month ORDER BY f.month`,
  );
  return (await result.getRows()).map(([month, rows, blankRows, firstTs, lastTs, digest]) => ({
    code: Number(month),
    stats: {
      rows: Number(rows),
      blankRows: Number(blankRows),
      firstTs: Number(firstTs),
      lastTs: Number(lastTs),
      digest: String(digest),
    },
  }));
}
