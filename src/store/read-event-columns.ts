import type { DuckDBConnection } from "@duckdb/node-api";
import { RefrainError } from "../base/errors.js";
import type { World } from "../base/world.js";
import type { EventColumns } from "../schema/event-columns.js";
import { AUTH_CODE_SQL, GENDER_CODE_SQL, LEVEL_CODE_SQL, PAGE_CODE_SQL, STATE_SQL } from "./code-sql.js";
import { fillColumns, readTexts } from "./column-chunks.js";
import { readNumbers, reasonOf, sqlText, withDuckDB } from "./duckdb.js";
import { holdsSimulated } from "./holds-simulated.js";
import { homePaths } from "./home-paths.js";
import { attributionsAreCurrent, eventsSql, type Lake } from "./lake.js";
import { groupRows, inOrder, nearlySorted } from "./order-rows.js";
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
  const events = eventsSql(lake.home, lake.manifest.files);
  await connection.run(
    `CREATE TEMP TABLE owners AS SELECT owner, (row_number() OVER (ORDER BY owner) - 1)::INTEGER AS ix
     FROM (${ownersSql(lake)})`,
  );
  await connection.run(
    `CREATE TEMP TABLE places AS SELECT location, state,
       (CASE WHEN state = '' OR rank > 65535 THEN 0 ELSE rank END)::USMALLINT AS ix
     FROM (SELECT location, state, dense_rank() OVER (ORDER BY state = '', state) AS rank
       FROM (SELECT location, ${STATE_SQL} AS state FROM (SELECT DISTINCT location FROM ${events})))`,
  );
  const users = await readTexts(connection, "SELECT owner FROM owners ORDER BY ix");
  const states = await readTexts(connection, "SELECT DISTINCT state, ix FROM places WHERE ix > 0 ORDER BY ix");
  const [recovered = 0] = await readNumbers(connection, `SELECT count(*) FROM (${recoveredSql(lake, "1")})`);
  const rows = recovered + lake.manifest.files.reduce((sum, file) => sum + file.rows - file.blankRows, 0);
  const owner = new Int32Array(rows);
  const columns = columnsOf(rows);
  await fillColumns(connection, rowsSql(lake), [owner, ...Object.values(columns)], world);
  const { knownAtMs } = columns;
  const compare = inFoldOrder(columns);
  const sequence = nearlySorted(knownAtMs, rows - recovered, compare);
  const { start, order } = groupRows({ group: owner, groups: users.length, sequence }, knownAtMs, compare);
  for (const name of Object.keys(columns) as (keyof typeof columns)[]) {
    // One after the other, so that only one is there twice.
    Object.assign(columns, { [name]: inOrder(columns[name], order) });
  }
  settleTies(columns, start);
  const simulated = await holdsSimulated(connection, lake);
  return { ...columns, users, userStart: start, states: ["", ...states], simulated };
}

/** Every user who has a known event. */
function ownersSql(lake: Lake): string {
  const received = `SELECT user_id AS owner FROM ${eventsSql(lake.home, lake.manifest.files)} WHERE user_id <> ''`;
  return `${received} UNION ${recoveredSql(lake, "a.user_id AS owner")}`;
}

/** The logged-out rows `e` that were attributed, each with its attribution `a`. */
function recoveredSql(lake: Lake, columns: string): string {
  const events = eventsSql(lake.home, lake.manifest.files);
  const from = `FROM (SELECT *, ${PAGE_CODE_SQL} AS page_code FROM ${events} WHERE user_id = '') e`;
  // Attributions of another state of the lake belong to rows that may since have come by their owners.
  if (!attributionsAreCurrent(lake))
    return `SELECT ${columns} ${from}, (SELECT NULL AS user_id, 0 AS known_at) a WHERE false`;
  return `SELECT ${columns} ${from} JOIN read_parquet(${sqlText(homePaths(lake.home).attributions)}) a
    ON a.session_id = e.session_id AND a.item = e.item AND a.ts = e.ts AND a.page = e.page_code`;
}

/** One row a known event: those received with their user, then the recovered ones. */
function rowsSql(lake: Lake): string {
  const columns = `ts::DOUBLE, session_id::DOUBLE, item, ${PAGE_CODE_SQL}, ${AUTH_CODE_SQL}, ${LEVEL_CODE_SQL},
    coalesce(status, 0)::USMALLINT, coalesce(length_10us, -1), coalesce(artist_id, -1)::DOUBLE, coalesce(song_id, -1)::DOUBLE,
    coalesce(registration::DOUBLE, 'NaN'::DOUBLE), ${GENDER_CODE_SQL}, coalesce(p.ix, 0)::USMALLINT`;
  const join = "JOIN owners o USING (owner) LEFT JOIN places p USING (location)";
  const received = `SELECT user_id AS owner, * FROM ${eventsSql(lake.home, lake.manifest.files)} WHERE user_id <> ''`;
  const recovered = recoveredSql(lake, "a.user_id AS owner, a.known_at, e.*");
  return `SELECT o.ix, ts::DOUBLE, ${columns} FROM (${received}) ${join}
    UNION ALL SELECT o.ix, known_at::DOUBLE, ${columns} FROM (${recovered}) ${join}`;
}

/** The order of `FOLD_ORDER`, written out: `knownAtMs` has been compared, and the ties of the others are settled later. */
function inFoldOrder({ tsMs, sessionId, item, page }: ReturnType<typeof columnsOf>) {
  // hot loop
  return (a: number, b: number): number =>
    tsMs[a]! - tsMs[b]! || sessionId[a]! - sessionId[b]! || item[a]! - item[b]! || page[a]! - page[b]!;
}

/** In the order of the query's columns, after the owner. */
function columnsOf(rows: number) {
  return {
    knownAtMs: new Float64Array(rows),
    tsMs: new Float64Array(rows),
    sessionId: new Float64Array(rows),
    item: new Int32Array(rows),
    page: new Uint8Array(rows),
    auth: new Uint8Array(rows),
    level: new Uint8Array(rows),
    status: new Uint16Array(rows),
    length10us: new Int32Array(rows),
    artist: new Float64Array(rows),
    song: new Float64Array(rows),
    registrationMs: new Float64Array(rows),
    gender: new Uint8Array(rows),
    state: new Uint16Array(rows),
  };
}
