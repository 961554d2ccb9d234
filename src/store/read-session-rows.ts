import type { DuckDBConnection } from "@duckdb/node-api";
import { RefrainError } from "../base/errors.js";
import type { World } from "../base/world.js";
import type { SessionColumns } from "../schema/session-columns.js";
import { AUTH_CODE_SQL, LEVEL_CODE_SQL, PAGE_CODE_SQL } from "./code-sql.js";
import { fillColumns, readTexts } from "./column-chunks.js";
import { readNumbers, reasonOf, withDuckDB } from "./duckdb.js";
import { homePaths } from "./home-paths.js";
import { eventsSql, type Lake } from "./lake.js";
import { groupRows, inOrder } from "./order-rows.js";

/** `with-blank`: the sessionIds that hold at least one row without a user id; `all`: every one. */
export async function readSessionRows(
  lake: Lake,
  options: { readonly sessions: "with-blank" | "all" },
  world: World,
): Promise<SessionColumns> {
  try {
    const action = (connection: DuckDBConnection) => read(connection, lake, options.sessions, world);
    return await withDuckDB(homePaths(lake.home).temp, action, world);
  } catch (error) {
    if (error instanceof RefrainError) throw error;
    throw new RefrainError("LAKE_BROKEN", { home: lake.home, reason: reasonOf(error) }, error);
  }
}

async function read(
  connection: DuckDBConnection,
  lake: Lake,
  sessions: "with-blank" | "all",
  world: World,
): Promise<SessionColumns> {
  const events = eventsSql(lake.home, lake.manifest.files);
  const chosen =
    sessions === "all" ? "" : `SEMI JOIN (SELECT session_id FROM ${events} WHERE user_id = '') USING (session_id)`;
  const source = `${events} ${chosen}`;
  await connection.run(
    `CREATE TEMP TABLE users AS SELECT user_id, (row_number() OVER (ORDER BY user_id) - 1)::INTEGER AS ix
     FROM (SELECT DISTINCT user_id FROM ${source} WHERE user_id <> '')`,
  );
  const users = await readTexts(connection, "SELECT user_id FROM users ORDER BY ix");
  const [rows = 0] = await readNumbers(connection, `SELECT count(*) FROM ${source}`);
  const columns = {
    sessionId: new Float64Array(rows),
    tsMs: new Float64Array(rows),
    item: new Int32Array(rows),
    page: new Uint8Array(rows),
    auth: new Uint8Array(rows),
    level: new Uint8Array(rows),
    userIndex: new Int32Array(rows),
  };
  const unordered = `SELECT session_id::DOUBLE, ts::DOUBLE, item, ${PAGE_CODE_SQL}, ${AUTH_CODE_SQL}, ${LEVEL_CODE_SQL}, coalesce(u.ix, -1)
    FROM (SELECT * FROM ${source}) LEFT JOIN users u USING (user_id)`;
  await fillColumns(connection, unordered, Object.values(columns), world);
  const { group, groups } = sessionsOf(columns.sessionId);
  const { order } = groupRows(group, groups, inIdentityOrder(columns));
  for (const name of Object.keys(columns) as (keyof typeof columns)[]) {
    // One after the other, so that only one is there twice.
    Object.assign(columns, { [name]: inOrder(columns[name], order) });
  }
  return { users, ...columns };
}

/** Numbers the sessions in ascending order of their ids. */
function sessionsOf(sessionId: Float64Array): { group: Int32Array; groups: number } {
  const ids = new Map<number, number>();
  const met = Int32Array.from(sessionId, (id) => {
    const known = ids.get(id);
    if (known !== undefined) return known;
    ids.set(id, ids.size);
    return ids.size - 1;
  });
  const placeOf = new Int32Array(ids.size);
  [...ids.keys()]
    .sort((a, b) => a - b)
    .forEach((id, place) => {
      placeOf[ids.get(id) as number] = place;
    });
  return { group: met.map((place) => placeOf[place] as number), groups: ids.size };
}

/** Within a session, as `SessionColumns` says it. */
function inIdentityOrder({ tsMs, item, page, userIndex }: Omit<SessionColumns, "users">) {
  // hot loop
  return (a: number, b: number): number =>
    tsMs[a]! - tsMs[b]! || item[a]! - item[b]! || page[a]! - page[b]! || userIndex[a]! - userIndex[b]!;
}
