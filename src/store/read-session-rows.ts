import type { DuckDBConnection } from "@duckdb/node-api";
import type { World } from "../base/world.js";
import type { SessionColumns } from "../schema/session-columns.js";
import { AUTH_CODE_SQL, LEVEL_CODE_SQL, PAGE_CODE_SQL } from "./code-sql.js";
import { fillColumns, readTexts } from "./column-chunks.js";
import { readNumbers } from "./duckdb.js";
import { eventsSql, type Lake } from "./lake.js";
import type { EventFile } from "./manifest.js";
import { runsInOrder } from "./order-rows.js";
import { sessionsInOrder } from "./session-order.js";
import { withLake } from "./with-lake.js";

/** `with-blank`: the sessionIds that hold at least one row without a user id; `all`: every one; files: those that occur in them. */
type Sessions = "with-blank" | "all" | readonly EventFile[];

/** Whole sessions of the lake, in the order in which identity is folded. Throws `LAKE_BROKEN` when a file cannot be read. */
export function readSessionRows(
  lake: Lake,
  options: { readonly sessions: Sessions },
  world: World,
): Promise<SessionColumns> {
  return withLake(lake, (connection) => read(connection, lake, options.sessions, world), world);
}

async function read(
  connection: DuckDBConnection,
  lake: Lake,
  sessions: Sessions,
  world: World,
): Promise<SessionColumns> {
  const events = eventsSql(lake.home, lake.manifest.files);
  const source = `${events} ${chosenSql(lake, sessions)}`;
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
  const portions = await fillColumns(connection, unordered, Object.values(columns), world);
  return { users, ...sessionsInOrder(columns, runsInOrder(columns.tsMs, rows, portions)).ordered };
}

function chosenSql(lake: Lake, sessions: Sessions): string {
  if (sessions === "all") return "";
  const files = sessions === "with-blank" ? lake.manifest.files : sessions;
  const blank = sessions === "with-blank" ? "WHERE user_id = ''" : "";
  return `SEMI JOIN (SELECT session_id FROM ${eventsSql(lake.home, files)} ${blank}) USING (session_id)`;
}
