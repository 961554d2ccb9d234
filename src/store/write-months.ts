import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { moveIntoPlace } from "./atomic-file.js";
import { sqlText } from "./duckdb.js";
import { homePaths } from "./home-paths.js";
import type { EventFile } from "./manifest.js";
import type { Staging } from "./staging.js";
import { ROW_GROUP_ROWS, textsToWriteSql } from "./texts-to-write.js";

/**
 * The months (year × 100 + month, UTC) of the table `fresh`. Makes the tables that they are written from. One job for DuckDB,
 * which is begun when this returns, so that the thread can do something else meanwhile.
 *
 * @param mayList whether files may list texts of rows that are not in them
 */
export async function monthsToWrite(
  staging: Staging,
  { mayList }: { readonly mayList: boolean },
): Promise<readonly number[]> {
  const result = await staging.connection.run(
    // The tuples and words are the built side of every join, so the rows stream through in the order of `fresh`.
    `SET disabled_optimizers = 'build_side_probe_side,join_order';
     ${textsToWriteSql(staging, { mayList })};
     SELECT DISTINCT month FROM fresh ORDER BY month`,
  );
  return (await result.getRows()).map(([month]) => Number(month));
}

/**
 * Writes the table `fresh` to one Parquet file a month and returns them; nobody reads them until a manifest names them. One job for
 * DuckDB too.
 */
export async function writeMonths(
  connection: DuckDBConnection,
  months: readonly number[],
  { home, version }: { readonly home: string; readonly version: number },
): Promise<EventFile[]> {
  const paths = homePaths(home);
  mkdirSync(paths.temp, { recursive: true });
  const name = `${String(version).padStart(6, "0")}.parquet`;
  const temporary = (month: number) => join(paths.temp, `${month}-${name}`);
  const copies = months.map(
    (month) =>
      `COPY (${rowsSql(month)}) TO ${sqlText(temporary(month))} (FORMAT parquet, ROW_GROUP_SIZE ${ROW_GROUP_ROWS})`,
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
    printf('%016x', bit_xor(hash(u.text, q.text, f.session_id::BIGINT, f.item, f.ts::BIGINT)))
  FROM fresh f
    JOIN (SELECT code, user_id::VARCHAR AS text FROM profile_texts) u ON u.code = f.profile
    JOIN (SELECT code, page::VARCHAR AS text FROM request_texts) q ON q.code = f.request
  GROUP BY f.month ORDER BY f.month`;

/** The columns of the lake, in their order, for one month. Inner joins on unique small numbers are look-ups by place. */
function rowsSql(month: number): string {
  return `SELECT p.user_id, f.ts::BIGINT AS ts, f.session_id::BIGINT AS session_id, f.item,
      q.page, q.auth, q.method, q.status, q.level, p.location, p.user_agent, p.first_name, p.last_name, p.gender,
      a.text AS artist, s.text AS song, p.registration,
      nullif(f.length_10us, -1) AS length_10us, a.id AS artist_id, s.id AS song_id
    FROM fresh f JOIN profile_texts p ON p.code = f.profile JOIN request_texts q ON q.code = f.request
      JOIN id_artist a ON a.code = f.artist JOIN id_song s ON s.code = f.song
    WHERE f.month = ${month}`;
}
