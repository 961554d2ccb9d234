import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname } from "node:path";
import { type DuckDBConnection, DuckDBTypeId } from "@duckdb/node-api";
import { RefrainError } from "../base/errors.js";
import type { World } from "../base/world.js";
import { vectorNumbers } from "./column-chunks.js";
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
  // Read once: what kinds the columns of a text file are is known when all of it has been seen.
  await connection.run(`CREATE TEMP TABLE given AS SELECT * FROM ${source}`);
  const described = await connection.runAndReadAll("SELECT * FROM given LIMIT 0");
  const names = described.columnNames();
  const numeric = described.columnTypes().map((type) => NUMERIC.has(type.typeId));
  // A missing number comes as NaN: the numbers of a portion are then one array, and are not looked at one by one.
  const select = names.map((name, i) =>
    numeric[i] ? `coalesce(${sqlName(name)}::DOUBLE, 'NaN'::DOUBLE)` : `${sqlName(name)}::VARCHAR`,
  );
  const numbers = names.map((): Float64Array[] => []);
  const texts = names.map((): (string | null)[] => []);
  const result = await connection.run(`SELECT ${select.join(", ")} FROM given`);
  for (let chunk = await result.fetchChunk(); chunk !== null; chunk = await result.fetchChunk()) {
    if (chunk.rowCount === 0) break;
    for (let column = 0; column < names.length; column++) {
      const vector = chunk.getColumnVector(column);
      if (numeric[column]) numbers[column]?.push(Float64Array.from(vectorNumbers(vector).subarray(0, chunk.rowCount)));
      else for (const value of vector.toArray()) texts[column]?.push(value === null ? null : String(value));
    }
  }
  return names.map((name, i) =>
    numeric[i]
      ? { name, kind: "number", values: joined(numbers[i] ?? []) }
      : { name, kind: "text", values: texts[i] ?? [] },
  );
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((rows, part) => rows + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
