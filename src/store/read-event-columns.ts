import type { DuckDBConnection } from "@duckdb/node-api";
import type { World } from "../base/world.js";
import type { EventColumns } from "../schema/event-columns.js";
import { STATE_SQL } from "./code-sql.js";
import { fillColumns, readTexts } from "./column-chunks.js";
import { readNumbers } from "./duckdb.js";
import { eventsInOrder, inFoldOrder, type UnorderedEvents } from "./event-order.js";
import { holdsSimulated } from "./holds-simulated.js";
import { EVENT_NUMBERS_SQL, knownParts } from "./known-events-sql.js";
import { eventsSql, type Lake } from "./lake.js";
import { mergeLate, runsInOrder } from "./order-rows.js";
import { type UserRange, withinSql } from "./user-ranges.js";
import { withLake } from "./with-lake.js";

/**
 * The known events of the lake, ready to fold: logged-in rows as they are, logged-out rows under the user they were
 * attributed to; rows without a user are left out. Throws `LAKE_BROKEN` when a file cannot be read.
 *
 * @param range users to be read; null reads all
 */
export function readEventColumns(lake: Lake, world: World, range: UserRange | null = null): Promise<EventColumns> {
  return withLake(lake, (connection) => read(connection, lake, range, world), world);
}

async function read(
  connection: DuckDBConnection,
  lake: Lake,
  range: UserRange | null,
  world: World,
): Promise<EventColumns> {
  const { files } = lake.manifest;
  const parts = knownParts(lake).map((part) => (range === null ? part : withinSql(part, range)));
  await connection.run(
    `CREATE TEMP TABLE owners AS SELECT owner, (row_number() OVER (ORDER BY owner) - 1)::INTEGER AS ix
     FROM (SELECT DISTINCT owner FROM (${parts.map((part) => `SELECT owner FROM (${part})`).join(" UNION ALL ")}))`,
  );
  await connection.run(
    `CREATE TEMP TABLE places AS ${placesSql(`SELECT DISTINCT location FROM ${eventsSql(lake.home, files)}`)}`,
  );
  const users = await readTexts(connection, "SELECT owner FROM owners ORDER BY ix");
  const states = await readTexts(connection, "SELECT DISTINCT state, ix FROM places WHERE ix > 0 ORDER BY ix");
  const [receivedRows, recoveredRows] = await countParts(connection, lake, parts, range);
  const events = await unordered(connection, parts, [receivedRows, recoveredRows], world);
  const ordered = eventsInOrder({ ...events, users: users.length });
  const simulated = await holdsSimulated(connection, lake);
  return { ...ordered, users, states: ["", ...states], simulated };
}

/** The rows of each part; those received, when all are asked for, the manifest knows. */
async function countParts(
  connection: DuckDBConnection,
  { manifest: { files } }: Lake,
  [received, recovered]: readonly string[],
  range: UserRange | null,
): Promise<[number, number]> {
  const count = async (part: string | undefined) =>
    part === undefined ? 0 : ((await readNumbers(connection, `SELECT count(*) FROM (${part})`))[0] ?? 0);
  const all = files.reduce((sum, file) => sum + file.rows - file.blankRows, 0);
  return [range === null ? all : await count(received), await count(recovered)];
}

async function unordered(
  connection: DuckDBConnection,
  parts: readonly string[],
  [receivedRows, recoveredRows]: readonly [number, number],
  world: World,
): Promise<Omit<UnorderedEvents, "users">> {
  const owner = new Int32Array(receivedRows + recoveredRows);
  const columns = columnsOf(owner.length);
  const sql = parts.map(rowsSql).join(" UNION ALL ");
  const portions = await fillColumns(connection, sql, [owner, ...Object.values(columns)], world);
  return { ...handedOver(columns), owner, sequence: sequenceOf(columns, receivedRows, portions) };
}

/** `location`, its state, and the place of that among the states by name, from 1; 0 for no state, and for those beyond 65,535. */
function placesSql(locations: string): string {
  return `SELECT location, state, (CASE WHEN state = '' OR rank > 65535 THEN 0 ELSE rank END)::USMALLINT AS ix
     FROM (SELECT location, state, dense_rank() OVER (ORDER BY state = '', state) AS rank
       FROM (SELECT location, ${STATE_SQL} AS state FROM (${locations})))`;
}

/** The columns of one part of the known events: the owner, then those of `columnsOf`. */
function rowsSql(part: string): string {
  return `SELECT o.ix, ${Object.values(EVENT_NUMBERS_SQL).join(", ")}, coalesce(p.ix, 0)::USMALLINT
    FROM (${part}) JOIN owners o USING (owner) LEFT JOIN places p USING (location)`;
}

/** The rows received come in runs that are in order; the recovered ones, behind them, do not. */
function sequenceOf(
  columns: ReturnType<typeof columnsOf>,
  receivedRows: number,
  portions: readonly number[],
): Int32Array {
  const { knownAtMs } = columns;
  const late = Int32Array.from({ length: knownAtMs.length - receivedRows }, (_, i) => receivedRows + i);
  return mergeLate(runsInOrder(knownAtMs, receivedRows, portions), late, knownAtMs, inFoldOrder(columns));
}

function handedOver(columns: ReturnType<typeof columnsOf>): Pick<UnorderedEvents, "keys" | "take"> {
  const left: Partial<typeof columns> = { ...columns };
  const { knownAtMs, tsMs, sessionId, item, page } = columns;
  return {
    keys: { knownAtMs, tsMs, sessionId, item, page },
    take: (name) => {
      const column = left[name];
      delete left[name];
      return column as NonNullable<typeof column>;
    },
  };
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
