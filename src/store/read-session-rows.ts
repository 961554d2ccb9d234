import type { DuckDBConnection } from "@duckdb/node-api";
import { RefrainError } from "../base/errors.js";
import type { World } from "../base/world.js";
import type { SessionColumns } from "../schema/session-columns.js";
import { AUTH_CODE_SQL, LEVEL_CODE_SQL, PAGE_CODE_SQL } from "./code-sql.js";
import { fillColumns, readTexts } from "./column-chunks.js";
import { readNumbers, reasonOf, withDuckDB } from "./duckdb.js";
import { homePaths } from "./home-paths.js";
import { eventsSql, type Lake } from "./lake.js";
import type { EventFile } from "./manifest.js";
import { groupRows, inOrder, nearlySorted } from "./order-rows.js";

const TABLE_IDS_MAX = 1 << 20;

/** `with-blank`: the sessionIds that hold at least one row without a user id; `all`: every one; files: those that occur in them. */
type Sessions = "with-blank" | "all" | readonly EventFile[];

export async function readSessionRows(
  lake: Lake,
  options: { readonly sessions: Sessions },
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
  await fillColumns(connection, unordered, Object.values(columns), world);
  const { group, groups } = sessionsOf(columns.sessionId);
  const compare = inIdentityOrder(columns);
  const sequence = nearlySorted(columns.tsMs, rows, compare);
  const { order } = groupRows({ group, groups, sequence }, columns.tsMs, compare);
  for (const name of Object.keys(columns) as (keyof typeof columns)[]) {
    // One after the other, so that only one is there twice.
    Object.assign(columns, { [name]: inOrder(columns[name], order) });
  }
  return { users, ...columns };
}

function chosenSql(lake: Lake, sessions: Sessions): string {
  if (sessions === "all") return "";
  const files = sessions === "with-blank" ? lake.manifest.files : sessions;
  const blank = sessions === "with-blank" ? "WHERE user_id = ''" : "";
  return `SEMI JOIN (SELECT session_id FROM ${eventsSql(lake.home, files)} ${blank}) USING (session_id)`;
}

/** Numbers the sessions in ascending order of their ids. */
function sessionsOf(sessionId: Float64Array): { group: Int32Array; groups: number } {
  // hot loop
  const numberOf = new Map<number, number>();
  const met = new Int32Array(sessionId.length);
  // Most ids are small: a table by id is much quicker than a map.
  const table = new Int32Array(TABLE_IDS_MAX).fill(-1);
  for (let row = 0; row < sessionId.length; row++) {
    const id = sessionId[row]!;
    let number = id < TABLE_IDS_MAX ? table[id]! : (numberOf.get(id) ?? -1);
    if (number === -1) {
      number = numberOf.size;
      numberOf.set(id, number);
      if (id < TABLE_IDS_MAX) table[id] = number;
    }
    met[row] = number;
  }
  const place = new Int32Array(numberOf.size);
  [...numberOf.keys()]
    .sort((a, b) => a - b)
    .forEach((id, at) => {
      place[numberOf.get(id) as number] = at;
    });
  for (let row = 0; row < met.length; row++) met[row] = place[met[row]!]!;
  return { group: met, groups: numberOf.size };
}

/** Within a session, behind `tsMs`, as `SessionColumns` says it. */
function inIdentityOrder({ item, page, userIndex, auth, level }: Omit<SessionColumns, "users">) {
  // hot loop
  return (a: number, b: number): number =>
    item[a]! - item[b]! ||
    page[a]! - page[b]! ||
    userIndex[a]! - userIndex[b]! ||
    auth[a]! - auth[b]! ||
    level[a]! - level[b]!;
}
