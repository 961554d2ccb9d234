import pg from "pg";
import { RefrainError } from "../../base/errors.js";
import type { World } from "../../base/world.js";
import type { FieldMap } from "../ingest/part.js";
import { type LineCounts, type LineSink, NO_LINES, sumOf } from "./line-sink.js";
import { Place } from "./places.js";
import { quotedTable, tableColumns } from "./table-columns.js";

export interface TableSource {
  /** `postgres://USER@HOST/DATABASE`. */
  readonly url: string;
  readonly table: string;
  readonly map: FieldMap;
  /** From this moment on, ms; null goes on where the last call was, or begins with the first row. */
  readonly sinceMs: number | null;
}

/** How far a table has been read. */
interface TablePlace {
  readonly throughMs: number;
}

const FETCH_ROWS = 5_000;
/** Given to the sink at once. */
const PORTION_BYTES = 16 << 20;
const STATEMENT_MS = 300_000;
const CONNECT_MS = 10_000;

/**
 * Reads a table of PostgreSQL in the order of its time column, through a cursor in a read-only transaction, and gives its rows as
 * lines to a sink. The next call goes on with the last moment that this one saw: rows of that moment that came since are
 * taken, those that were there before are duplicates. A row that is added later with an earlier time wants `sinceMs`.
 *
 * Throws `SOURCE_UNREADABLE`, `COLUMNS_WRONG`, `VALUE_BAD`, and what the sink throws.
 */
export async function readTable(
  home: string,
  { url, table, map, sinceMs }: TableSource,
  sink: LineSink,
  world: World,
): Promise<LineCounts> {
  const source = `${shownUrl(url)} ${table}`;
  const memory = new Place<TablePlace>(home, { source, sink: sink.name });
  const from = sinceMs ?? memory.read()?.throughMs ?? null;
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    query_timeout: STATEMENT_MS + CONNECT_MS,
    application_name: "refrain ingest",
  });
  client.on("error", () => {});
  try {
    await client.connect();
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    // It is the sink that is waited for.
    await client.query("SET LOCAL idle_in_transaction_session_timeout = 0");
    const taken = await takeRows(client, { source, table, map, from }, { sink, memory }, world);
    await client.query("COMMIT");
    return taken;
  } catch (error) {
    if (error instanceof RefrainError) throw error;
    throw new RefrainError("SOURCE_UNREADABLE", { source, reason: (error as Error).message }, error);
  } finally {
    await client.end().catch(() => {});
  }
}

async function takeRows(
  client: pg.Client,
  { source, table, map, from }: { source: string; table: string; map: FieldMap; from: number | null },
  { sink, memory }: { sink: LineSink; memory: Place<TablePlace> },
  world: World,
): Promise<LineCounts> {
  const columns = await tableColumns(client, table, map);
  const where = from === null ? "" : `WHERE ${columns.since}`;
  const select = `SELECT ${columns.select}, (${columns.timeMs})::float8 AS time_ms FROM ${quotedTable(table)}`;
  const cursor = `DECLARE events NO SCROLL CURSOR FOR ${select} ${where} ORDER BY ${columns.order}`;
  await client.query(cursor, from === null ? [] : [from]);
  let counts = NO_LINES;
  let lines: string[] = [];
  let bytes = 0;
  let throughMs: number | null = null;
  const flush = async () => {
    if (lines.length === 0) return;
    const portion = { bytes: Buffer.from(lines.join("")), source, linesBefore: counts.lines };
    lines = [];
    bytes = 0;
    counts = sumOf(counts, await sink.take(portion));
    if (throughMs !== null) memory.write({ throughMs });
    world.log.info(`${counts.lines} rows of ${table}: ${counts.accepted} accepted`);
  };
  for (;;) {
    const { rows } = await client.query<Record<string, unknown>>(`FETCH ${FETCH_ROWS} FROM events`);
    for (const { time_ms, ...row } of rows) {
      // A row without a time comes last, and is refused.
      if (typeof time_ms === "number" && Number.isFinite(time_ms)) throughMs = time_ms;
      const line = `${JSON.stringify(row)}\n`;
      lines.push(line);
      bytes += line.length;
    }
    if (rows.length === 0 || bytes >= PORTION_BYTES || world.signal.aborted) await flush();
    if (rows.length === 0 || world.signal.aborted) return counts;
  }
}

/** A URL without what is secret in it. */
function shownUrl(url: string): string {
  try {
    const { host, pathname } = new URL(url);
    return `postgres://${host}${pathname}`;
  } catch {
    const advice = "Give postgres://USER@HOST/DATABASE; the password in PGPASSWORD.";
    throw new RefrainError("VALUE_BAD", { name: "the address of the database", value: "(not shown)", advice });
  }
}
