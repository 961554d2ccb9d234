import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DOUBLE, type DuckDBConnection, DuckDBDataChunk, INTEGER, VARCHAR } from "@duckdb/node-api";
import type { World } from "../base/world.js";
import { IDENTITY_VERSION } from "../schema/session-columns.js";
import { moveIntoPlace } from "./atomic-file.js";
import { vectorNumbers } from "./column-chunks.js";
import { readNumbers, sqlText, withDuckDB } from "./duckdb.js";
import { homePaths } from "./home-paths.js";
import { eventsSql } from "./lake.js";
import { type EventFile, lakeVersion, readManifest, writeManifest } from "./manifest.js";

/** Logged-out rows that were given a user: the row's key (its user id was `""`), the user, how sure, and since when. */
export interface KeyedAttributions {
  readonly sessionId: Float64Array;
  readonly item: Int32Array;
  readonly tsMs: Float64Array;
  /** Codes of `PAGES`. */
  readonly page: Uint8Array;
  readonly userId: readonly string[];
  /** In [0, 1]. */
  readonly confidence: Float64Array;
  /** The event time of the evidence. */
  readonly knownAtMs: Float64Array;
}

const CHUNK_ROWS = 2048;
const TYPES = [DOUBLE, INTEGER, DOUBLE, INTEGER, DOUBLE, DOUBLE, VARCHAR];

/**
 * Replaces the attributions of a home, which belong to the events that are in its lake now. Atomic; needs the home lock.
 * A key that occurs twice (two pages outside `PAGES` at one moment) keeps its first user.
 *
 * @param sessionsOf files: only the attributions of sessionIds that occur in them are replaced; null replaces all
 */
export function writeAttributions(
  home: string,
  columns: KeyedAttributions,
  { sessionsOf }: { readonly sessionsOf: readonly EventFile[] | null },
  world: World,
): Promise<void> {
  const write = (connection: DuckDBConnection) => writeAttributionsWith(connection, home, columns, { sessionsOf });
  return withDuckDB(homePaths(home).temp, write, world);
}

/** `writeAttributions` with a DuckDB that is open already. */
export async function writeAttributionsWith(
  connection: DuckDBConnection,
  home: string,
  columns: KeyedAttributions,
  { sessionsOf }: { readonly sessionsOf: readonly EventFile[] | null },
): Promise<void> {
  const paths = homePaths(home);
  const manifest = readManifest(home);
  const temporary = join(paths.temp, "attributions.parquet");
  mkdirSync(paths.temp, { recursive: true });
  const kept =
    sessionsOf === null
      ? null
      : `FROM read_parquet(${sqlText(paths.attributions)})
    ANTI JOIN (SELECT session_id FROM ${eventsSql(home, sessionsOf)}) USING (session_id)`;
  await connection.run(
    "CREATE TEMP TABLE a (session_id DOUBLE, item INTEGER, ts DOUBLE, page INTEGER, confidence DOUBLE, known_at DOUBLE, user_id VARCHAR)",
  );
  const appender = await connection.createAppender("a");
  for (const chunk of chunksOf(columns)) appender.appendDataChunk(chunk);
  appender.closeSync();
  await connection.run(
    `COPY (SELECT session_id::BIGINT AS session_id, item, ts::BIGINT AS ts, page::UTINYINT AS page,
       first(user_id ORDER BY rowid) AS user_id, first(confidence ORDER BY rowid) AS confidence,
       first(known_at ORDER BY rowid)::BIGINT AS known_at
     FROM a GROUP BY ALL ${kept === null ? "" : `UNION ALL ${kept}`} ORDER BY session_id, ts, item, page) TO ${sqlText(temporary)} (FORMAT parquet)`,
  );
  const [before = 0] = kept === null ? [] : await readNumbers(connection, `SELECT count(*) ${kept}`);
  const rows = before + columns.userId.length;
  moveIntoPlace(temporary, paths.attributions);
  writeManifest(home, { ...manifest, attributions: { lake: lakeVersion(manifest), rows, identity: IDENTITY_VERSION } });
}

function* chunksOf(columns: KeyedAttributions): Generator<DuckDBDataChunk> {
  const { sessionId, item, tsMs, page, confidence, knownAtMs, userId } = columns;
  const chunk = DuckDBDataChunk.create(TYPES, CHUNK_ROWS);
  for (let from = 0; from < userId.length; from += CHUNK_ROWS) {
    const rows = Math.min(CHUNK_ROWS, userId.length - from);
    chunk.reset();
    chunk.rowCount = rows;
    [sessionId, item, tsMs, page, confidence, knownAtMs].forEach((values, column) => {
      const vector = chunk.getColumnVector(column);
      vectorNumbers(vector).set(values.subarray(from, from + rows));
      vector.flush();
    });
    chunk.setColumnValues(6, userId.slice(from, from + rows));
    yield chunk;
  }
}
