import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname } from "node:path";
import { type DuckDBConnection, DuckDBTypeId } from "@duckdb/node-api";
import { RefrainError } from "../base/errors.js";
import type { World } from "../base/world.js";
import { reasonOf, sqlText, withDuckDB } from "./duckdb.js";

export type TableColumn =
  | { readonly name: string; readonly kind: "number"; readonly values: Float64Array }
  | { readonly name: string; readonly kind: "text"; readonly values: readonly (string | null)[] };

const READERS: Readonly<Record<string, (path: string) => string>> = {
  ".csv": (path) => `read_csv(${sqlText(path)}, header = true, sample_size = -1, nullstr = '')`,
  ".parquet": (path) => `read_parquet(${sqlText(path)})`,
  ".json": (path) => `read_json(${sqlText(path)}, sample_size = -1)`,
  ".jsonl": (path) => `read_json(${sqlText(path)}, format = 'newline_delimited', sample_size = -1)`,
};

const NUMERIC: ReadonlySet<DuckDBTypeId> = new Set([
  DuckDBTypeId.BOOLEAN,
  DuckDBTypeId.TINYINT,
  DuckDBTypeId.SMALLINT,
  DuckDBTypeId.INTEGER,
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.UTINYINT,
  DuckDBTypeId.USMALLINT,
  DuckDBTypeId.UINTEGER,
  DuckDBTypeId.UBIGINT,
  DuckDBTypeId.HUGEINT,
  DuckDBTypeId.FLOAT,
  DuckDBTypeId.DOUBLE,
  DuckDBTypeId.DECIMAL,
]);

/**
 * A feature table by columns, rows in file order: numbers and booleans (true is 1) as float64 with NaN for missing, all else as
 * text. Fails with PATH_ABSENT, TABLE_BAD or FILE_UNREADABLE.
 */
export async function readTable(path: string, world: World): Promise<TableColumn[]> {
  if (!existsSync(path)) throw new RefrainError("PATH_ABSENT", { path });
  const reader = READERS[extname(path).toLowerCase()];
  if (reader === undefined) {
    const advice = "Give a table that ends in .csv, .parquet, .json or .jsonl.";
    throw new RefrainError("TABLE_BAD", { path, reason: "its ending names no kind of table", advice });
  }
  try {
    return await withDuckDB(tmpdir(), (connection) => columnsOf(connection, reader(path)), world);
  } catch (error) {
    if (error instanceof RefrainError) throw error;
    throw new RefrainError("FILE_UNREADABLE", { path, reason: reasonOf(error) }, error);
  }
}

async function columnsOf(connection: DuckDBConnection, source: string): Promise<TableColumn[]> {
  await connection.run("SET preserve_insertion_order = true");
  const described = await connection.runAndReadAll(`SELECT * FROM ${source} LIMIT 0`);
  const names = described.columnNames();
  const numeric = described.columnTypes().map((type) => NUMERIC.has(type.typeId));
  const select = names.map((name, i) => `${sqlName(name)}::${numeric[i] ? "DOUBLE" : "VARCHAR"}`);
  const rows = (await connection.runAndReadAll(`SELECT ${select.join(", ")} FROM ${source}`)).getColumns();
  return names.map((name, i) => {
    const values = rows[i] ?? [];
    return numeric[i]
      ? {
          name,
          kind: "number",
          values: Float64Array.from(values, (value) => (value === null ? Number.NaN : Number(value))),
        }
      : { name, kind: "text", values: values.map((value) => (value === null ? null : String(value))) };
  });
}

function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
