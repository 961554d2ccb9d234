import type { DuckDBConnection } from "@duckdb/node-api";
import { RefrainError } from "../base/errors.js";
import type { World } from "../base/world.js";
import type { EventColumns } from "../schema/event-columns.js";
import { foldOrderSql } from "../schema/fold-order.js";
import { AUTH_CODE_SQL, GENDER_CODE_SQL, LEVEL_CODE_SQL, PAGE_CODE_SQL, STATE_SQL } from "./code-sql.js";
import { fillColumns, readTexts, shared } from "./column-chunks.js";
import { readNumbers, reasonOf, sqlText, withDuckDB } from "./duckdb.js";
import { holdsSimulated } from "./holds-simulated.js";
import { homePaths } from "./home-paths.js";
import { attributionsAreCurrent, eventsSql, type Lake } from "./lake.js";
import { settleTies } from "./settle-ties.js";

/**
 * The known events of the lake, ready to fold: logged-in rows as they are, logged-out rows under the user they were
 * attributed to; rows without a user are left out. Throws `LAKE_BROKEN` when a file cannot be read.
 */
export async function readEventColumns(lake: Lake, world: World): Promise<EventColumns> {
  try {
    return await withDuckDB(homePaths(lake.home).temp, (connection) => read(connection, lake, world), world);
  } catch (error) {
    if (error instanceof RefrainError) throw error;
    throw new RefrainError("LAKE_BROKEN", { home: lake.home, reason: reasonOf(error) }, error);
  }
}

async function read(connection: DuckDBConnection, lake: Lake, world: World): Promise<EventColumns> {
  await connection.run(`CREATE TEMP TABLE known AS ${knownSql(lake)}`);
  await connection.run(
    `CREATE TEMP TABLE owners AS SELECT owner, (row_number() OVER (ORDER BY owner) - 1)::INTEGER AS ix
     FROM (SELECT DISTINCT owner FROM known)`,
  );
  await connection.run(
    `CREATE TEMP TABLE states AS SELECT state, (row_number() OVER (ORDER BY state))::USMALLINT AS ix
     FROM (SELECT DISTINCT state FROM known WHERE state <> '' ORDER BY state LIMIT 65535)`,
  );
  const users = await readTexts(connection, "SELECT owner FROM owners ORDER BY ix");
  const states = await readTexts(connection, "SELECT state FROM states ORDER BY ix");
  const [rows = 0] = await readNumbers(connection, "SELECT count(*) FROM known");
  const owner = new Int32Array(rows);
  const columns = columnsOf(rows);
  await fillColumns(connection, SORTED_SQL, [owner, ...Object.values(columns)], world);
  const userStart = startsOf(owner, users.length);
  settleTies(columns, userStart);
  return { ...columns, users, userStart, states: ["", ...states], simulated: await holdsSimulated(connection, lake) };
}

/** One row a known event; `owner` is the user it belongs to. */
function knownSql(lake: Lake): string {
  const columns = `ts::DOUBLE AS ts, session_id::DOUBLE AS session_id, item, ${PAGE_CODE_SQL} AS page, ${AUTH_CODE_SQL} AS auth,
    ${LEVEL_CODE_SQL} AS level, coalesce(status, 0)::USMALLINT AS status, coalesce(length_10us, -1) AS length_10us,
    coalesce(artist_id, -1)::DOUBLE AS artist, coalesce(song_id, -1)::DOUBLE AS song,
    coalesce(registration::DOUBLE, 'NaN'::DOUBLE) AS registration, ${GENDER_CODE_SQL} AS gender, ${STATE_SQL} AS state`;
  const events = eventsSql(lake.home, lake.manifest.files);
  const received = `SELECT user_id AS owner, ts::DOUBLE AS known, ${columns} FROM ${events} WHERE user_id <> ''`;
  // Attributions of another state of the lake belong to rows that may since have come by their owners.
  if (!attributionsAreCurrent(lake)) return received;
  return `${received} UNION ALL
    SELECT a.user_id, a.known_at::DOUBLE, e.* FROM (SELECT ${columns} FROM ${events} WHERE user_id = '') e
    JOIN read_parquet(${sqlText(homePaths(lake.home).attributions)}) a USING (session_id, item, ts, page)`;
}

const ORDER_SQL = foldOrderSql({ knownAtMs: "known", tsMs: "ts", sessionId: "session_id", item: "item", page: "page" });
const SORTED_SQL = `SELECT o.ix, known, ts, session_id, item, page, auth, level, status, length_10us, artist, song,
    registration, gender, coalesce(s.ix, 0)::USMALLINT
  FROM known JOIN owners o USING (owner) LEFT JOIN states s USING (state)
  ORDER BY o.ix, ${ORDER_SQL}`;

/** In the order of the query's columns, after the owner. */
function columnsOf(rows: number) {
  return {
    knownAtMs: shared.float64(rows),
    tsMs: shared.float64(rows),
    sessionId: shared.float64(rows),
    item: shared.int32(rows),
    page: shared.uint8(rows),
    auth: shared.uint8(rows),
    level: shared.uint8(rows),
    status: shared.uint16(rows),
    length10us: shared.int32(rows),
    artist: shared.float64(rows),
    song: shared.float64(rows),
    registrationMs: shared.float64(rows),
    gender: shared.uint8(rows),
    state: shared.uint16(rows),
  };
}

/** Where each user's rows start, in rows that are sorted by user; one more entry than users. */
function startsOf(owner: Int32Array, users: number): Int32Array {
  const starts = shared.int32(users + 1);
  for (let row = 0; row < owner.length; row++) starts[(owner[row] as number) + 1]!++; // hot loop
  for (let user = 0; user < users; user++) starts[user + 1]! += starts[user] as number;
  return starts;
}
