import type pg from "pg";
import { RefrainError } from "../../base/errors.js";
import { EVENT_FIELDS, type EventField, REQUIRED_FIELDS } from "../../schema/event-limits.js";
import type { FieldMap } from "../ingest/part.js";

/** Numbers of types in PostgreSQL's catalogue. */
const OID = {
  int8: 20,
  int2: 21,
  int4: 23,
  float4: 700,
  float8: 701,
  date: 1082,
  time: 1114,
  timeZoned: 1184,
  numeric: 1700,
};
const TIMES: readonly number[] = [OID.date, OID.time, OID.timeZoned];
const FRACTIONS: readonly number[] = [OID.float4, OID.float8];
const NUMBERS: readonly number[] = [OID.int8, OID.int2, OID.int4, OID.numeric, ...FRACTIONS];

/** How a table's rows are read as events. */
export interface TableColumns {
  /** The list after SELECT: a text, or NULL, under the name of each field that the table has. */
  readonly select: string;
  /** The time of a row in ms. */
  readonly timeMs: string;
  /** `timeMs` at or after a moment in ms, which is the first parameter, so that an index on the column serves. */
  readonly since: string;
  /** A stable order, the time first. */
  readonly order: string;
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `schema.table` or `table`, each quoted. */
export function quotedTable(name: string): string {
  return name.split(".").map(quoted).join(".");
}

/** Looks up the columns of a table. Throws `COLUMNS_WRONG` where a required one is missing, `VALUE_BAD` for a time that is none. */
export async function tableColumns(client: pg.ClientBase, table: string, map: FieldMap): Promise<TableColumns> {
  const { fields } = await client.query(`SELECT * FROM ${quotedTable(table)} LIMIT 0`);
  const types = new Map(fields.map(({ name, dataTypeID }) => [name, dataTypeID]));
  const columnOf = (field: EventField) => map[field] ?? field;
  const missing = REQUIRED_FIELDS.map(columnOf).filter((name) => !types.has(name));
  if (missing.length > 0) {
    throw new RefrainError("COLUMNS_WRONG", {
      path: table,
      missing: missing.join(", "),
      columns: [...types.keys()].join(", "),
    });
  }
  const known = EVENT_FIELDS.filter((field) => types.has(columnOf(field)));
  const select = known.map((field) => {
    const name = columnOf(field);
    return `${textSql(quoted(name), types.get(name) ?? 0, field)} AS ${quoted(field)}`;
  });
  const time = columnOf("ts");
  return {
    select: select.join(", "),
    ...timeSql(time, types.get(time) ?? 0),
    order: (["ts", "sessionId", "itemInSession", "page"] as const).map((field) => quoted(columnOf(field))).join(", "),
  };
}

function timeSql(name: string, type: number): Pick<TableColumns, "timeMs" | "since"> {
  const column = quoted(name);
  if (NUMBERS.includes(type)) return { timeMs: column, since: `${column} >= $1::float8` };
  const timeMs = `round(extract(epoch FROM ${column}) * 1000)`;
  if (type === OID.timeZoned) return { timeMs, since: `${column} >= to_timestamp($1::float8 / 1000)` };
  if (TIMES.includes(type)) {
    return { timeMs, since: `${column} >= (to_timestamp($1::float8 / 1000) AT TIME ZONE 'UTC')` };
  }
  const advice = "Map ts to a column of timestamps, dates or numbers of milliseconds: --map ts=COLUMN.";
  throw new RefrainError("VALUE_BAD", { name: `the column ${name}`, value: "the time of an event", advice });
}

/** Times become milliseconds, NaN nothing; a whole fraction as a user id is a whole number. */
function textSql(column: string, type: number, field: EventField): string {
  if (TIMES.includes(type)) return `round(extract(epoch FROM ${column}) * 1000)::int8::text`;
  if (!FRACTIONS.includes(type)) return `${column}::text`;
  const text =
    field === "userId"
      ? `CASE WHEN ${column} = floor(${column}) THEN ${column}::int8::text ELSE ${column}::text END`
      : `${column}::text`;
  return `CASE WHEN ${column} <> 'NaN' THEN ${text} END`;
}
