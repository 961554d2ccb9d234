import type { DuckDBConnection } from "@duckdb/node-api";
import type { World } from "../base/world.js";
import type { EventColumns } from "../schema/event-columns.js";
import type { PageName } from "../schema/pages.js";
import { STATE_SQL } from "./code-sql.js";
import { fillColumns, readTexts } from "./column-chunks.js";
import { readNumbers, sqlText } from "./duckdb.js";
import { eventsInOrder, inFoldOrder, type UnorderedEvents } from "./event-order.js";
import { holdsSimulated } from "./holds-simulated.js";
import { EVENT_NUMBERS_SQL, knownParts } from "./known-events-sql.js";
import { eventsSql, type Lake } from "./lake.js";
import type { EventFile } from "./manifest.js";
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
  const { files } = lake.manifest;
  const narrow = range === null ? null : (part: string) => withinSql(part, range);
  return withLake(lake, (connection) => read(connection, lake, { files, narrow }, world), world);
}

/** Events from `fromMs` to `toMs`, both included; of these pages alone where some are named. */
export interface EventSpan {
  readonly fromMs: number;
  readonly toMs: number;
  readonly pages: readonly PageName[] | null;
}

/** The known events of a span of time, of which only the files that may hold some are read. Throws `LAKE_BROKEN`. */
export async function readEventsBetween(
  lake: Lake,
  { fromMs, toMs, pages }: EventSpan,
  world: World,
): Promise<EventColumns> {
  const files = lake.manifest.files.filter((file) => file.lastTs >= fromMs && file.firstTs <= toMs);
  if (files.length === 0) return noEvents();
  const named = pages === null ? "" : `AND page IN (${pages.map(sqlText).join(", ")})`;
  const narrow = (part: string) => `SELECT * FROM (${part}) WHERE ts BETWEEN ${fromMs} AND ${toMs} ${named}`;
  return withLake(lake, (connection) => read(connection, lake, { files, narrow }, world), world);
}

function noEvents(): EventColumns {
  return { ...columnsOf(0), users: [], userStart: new Int32Array(1), states: [""], simulated: false };
}

/** Which files are read, and which of their rows; null for all. */
interface Selection {
  readonly files: readonly EventFile[];
  readonly narrow: ((part: string) => string) | null;
}

async function read(
  connection: DuckDBConnection,
  lake: Lake,
  { files, narrow }: Selection,
  world: World,
): Promise<EventColumns> {
  const parts = knownParts(lake, files).map((part) => narrow?.(part) ?? part);
  await connection.run(
    `CREATE TEMP TABLE owners AS SELECT owner, (row_number() OVER (ORDER BY owner) - 1)::INTEGER AS ix
     FROM (SELECT DISTINCT owner FROM (${parts.map((part) => `SELECT owner FROM (${part})`).join(" UNION ALL ")}))`,
  );
  await connection.run(
    `CREATE TEMP TABLE places AS ${placesSql(`SELECT DISTINCT location FROM ${eventsSql(lake.home, files)}`)}`,
  );
  const users = await readTexts(connection, "SELECT owner FROM owners ORDER BY ix");
  const states = await readTexts(connection, "SELECT DISTINCT state, ix FROM places WHERE ix > 0 ORDER BY ix");
  const [receivedRows, recoveredRows] = await countParts(connection, parts, { files, narrow });
  const events = await unordered(connection, parts, [receivedRows, recoveredRows], world);
  const ordered = eventsInOrder({ ...events, users: users.length });
  const simulated = await holdsSimulated(connection, { ...lake, manifest: { ...lake.manifest, files: [...files] } });
  return { ...ordered, users, states: ["", ...states], simulated };
}

/** The rows of each part; those received, when all are asked for, the manifest knows. */
async function countParts(
  connection: DuckDBConnection,
  [received, recovered]: readonly string[],
  { files, narrow }: Selection,
): Promise<[number, number]> {
  const count = async (part: string | undefined) =>
    part === undefined ? 0 : ((await readNumbers(connection, `SELECT count(*) FROM (${part})`))[0] ?? 0);
  const all = files.reduce((sum, file) => sum + file.rows - file.blankRows, 0);
  return [narrow === null ? all : await count(received), await count(recovered)];
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
