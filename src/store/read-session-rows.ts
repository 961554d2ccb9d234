import type { DuckDBConnection } from "@duckdb/node-api";
import { RefrainError } from "../base/errors.js";
import type { World } from "../base/world.js";
import type { SessionColumns } from "../schema/session-columns.js";
import { AUTH_CODE_SQL, LEVEL_CODE_SQL, PAGE_CODE_SQL } from "./code-sql.js";
import { fillColumns, readTexts, shared } from "./column-chunks.js";
import { readNumbers, reasonOf, withDuckDB } from "./duckdb.js";
import { homePaths } from "./home-paths.js";
import { eventsSql, type Lake } from "./lake.js";

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
  await connection.run(
    `CREATE TEMP TABLE chosen AS SELECT session_id::DOUBLE AS session_id, ts::DOUBLE AS ts, item, ${PAGE_CODE_SQL} AS page,
       ${AUTH_CODE_SQL} AS auth, ${LEVEL_CODE_SQL} AS level, user_id FROM ${events} ${chosen}`,
  );
  await connection.run(
    `CREATE TEMP TABLE users AS SELECT user_id, (row_number() OVER (ORDER BY user_id) - 1)::INTEGER AS ix
     FROM (SELECT DISTINCT user_id FROM chosen WHERE user_id <> '')`,
  );
  const users = await readTexts(connection, "SELECT user_id FROM users ORDER BY ix");
  const [rows = 0] = await readNumbers(connection, "SELECT count(*) FROM chosen");
  const columns = {
    sessionId: shared.float64(rows),
    tsMs: shared.float64(rows),
    item: shared.int32(rows),
    page: shared.uint8(rows),
    auth: shared.uint8(rows),
    level: shared.uint8(rows),
    userIndex: shared.int32(rows),
  };
  const sorted = `SELECT session_id, ts, item, page, auth, level, coalesce(u.ix, -1)
    FROM chosen LEFT JOIN users u USING (user_id) ORDER BY session_id, ts, item, page, coalesce(u.ix, -1), auth, level`;
  await fillColumns(connection, sorted, Object.values(columns), world);
  return { users, ...columns };
}
