import { type DuckDBConnection, DuckDBTypeId } from "@duckdb/node-api";
import { RefrainError } from "../../base/errors.js";
import type { World } from "../../base/world.js";
import type { EventField } from "../../schema/event-limits.js";
import { reasonOf, sqlText, stopIfAborted, withDuckDB } from "../../store/duckdb.js";
import type { SendProgress } from "../serve-tasks.js";
import { refuseMissingColumns } from "./csv-reader.js";
import type { EventReader } from "./event-reader.js";
import { KnownFields } from "./known-fields.js";
import type { Part, PartResult, ReadingRules } from "./part.js";
import { PartReader } from "./part-reader.js";

const FRACTIONS: ReadonlySet<DuckDBTypeId> = new Set([DuckDBTypeId.FLOAT, DuckDBTypeId.DOUBLE]);
const TIMES: ReadonlySet<DuckDBTypeId> = new Set([
  DuckDBTypeId.TIMESTAMP,
  DuckDBTypeId.TIMESTAMP_S,
  DuckDBTypeId.TIMESTAMP_MS,
  DuckDBTypeId.TIMESTAMP_NS,
  DuckDBTypeId.TIMESTAMP_TZ,
  DuckDBTypeId.DATE,
]);

/** Reads a Parquet log: every column as text, then as a row of any other log. */
export async function readParquet(
  part: Part,
  rules: ReadingRules,
  events: EventReader,
  folders: { readonly temp: string },
  send: SendProgress,
  world: World,
): Promise<PartResult> {
  const fields = new KnownFields(rules.map);
  const reader = new PartReader({ events, flat: null }, fields, send);
  let error: PartResult["error"] = null;
  try {
    await withDuckDB(folders.temp, (connection) => readRows(connection, part.path, reader, fields, world), world);
  } catch (caught) {
    if (caught instanceof RefrainError && caught.code === "INTERRUPTED") throw caught;
    const known = caught instanceof RefrainError ? caught : null;
    const details = known?.details ?? { path: part.path, reason: reasonOf(caught) };
    error = { code: known?.code ?? "FILE_UNREADABLE", details };
  }
  await reader.flush(true);
  return { lines: reader.lines, unknownFields: fields.counts(), error };
}

async function readRows(
  connection: DuckDBConnection,
  path: string,
  reader: PartReader,
  fields: KnownFields,
  world: World,
): Promise<void> {
  const source = `read_parquet(${sqlText(path)}, hive_partitioning = false)`;
  const shape = await connection.run(`SELECT * FROM ${source} LIMIT 0`);
  const columns = shape
    .columnNames()
    .map((name, i) => ({ name, type: shape.columnTypeId(i), field: fields.sources.get(name) }));
  refuseMissingColumns(path, shape.columnNames(), fields);
  const ours = columns.filter((column): column is KnownColumn => column.field !== undefined);
  const result = await connection.stream(`SELECT ${ours.map(textSql).join(", ")} FROM ${source}`);
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    const texts = chunk.getColumns() as (string | null)[][];
    for (let row = 0; row < chunk.rowCount; row++) {
      const event = Object.fromEntries(ours.map(({ field }, i) => [field, texts[i]?.[row] ?? null]));
      const flaw = reader.takeRow(event);
      if (flaw !== null) reader.reject(flaw, Buffer.from(JSON.stringify(event), "utf8"));
    }
    for (const { name, field } of columns) if (field === undefined) fields.count(name, chunk.rowCount);
    await reader.flush(false);
    stopIfAborted(world);
  }
}

interface KnownColumn {
  readonly name: string;
  readonly type: DuckDBTypeId;
  readonly field: EventField;
}

/** Times become milliseconds, a NaN nothing; a whole fraction as a user id (how pandas keeps ids beside blanks) is a whole number. */
function textSql({ name, type, field }: KnownColumn): string {
  const column = `"${name.replaceAll('"', '""')}"`;
  if (TIMES.has(type)) return `epoch_ms(${column})::VARCHAR`;
  if (!FRACTIONS.has(type)) return `${column}::VARCHAR`;
  const text =
    field === "userId"
      ? `CASE WHEN ${column} = floor(${column}) THEN ${column}::BIGINT::VARCHAR ELSE ${column}::VARCHAR END`
      : `${column}::VARCHAR`;
  return `CASE WHEN isnan(${column}) THEN NULL ELSE ${text} END`;
}
