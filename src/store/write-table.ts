import { once } from "node:events";
import { createWriteStream, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DOUBLE, DuckDBDataChunk, VARCHAR } from "@duckdb/node-api";
import { RefrainError } from "../base/errors.js";
import type { World } from "../base/world.js";
import { moveIntoPlace } from "./atomic-file.js";
import { sqlText, withDuckDB } from "./duckdb.js";

/** A table of texts, then numbers: `texts[c][row]`, `numbers(row, c)`. NaN is missing. */
export interface OutTable {
  readonly textColumns: readonly string[];
  readonly numberColumns: readonly string[];
  readonly rows: number;
  text(row: number, column: number): string;
  number(row: number, column: number): number;
}

const CHUNK_ROWS = 2048;

/**
 * Writes CSV (RFC 4180, numbers in the shortest form that reads back exactly, missing = empty) or Parquet, by the file's ending;
 * atomically. Fails with VALUE_BAD for another ending.
 */
export async function writeTable(path: string, table: OutTable, world: World): Promise<void> {
  const ending = /\.(csv|parquet)$/i.exec(path)?.[1]?.toLowerCase();
  if (ending === undefined) {
    throw new RefrainError("VALUE_BAD", {
      name: "--out",
      value: path,
      advice: "Give a file that ends in .csv or .parquet.",
    });
  }
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  if (ending === "csv") await writeCsv(temporary, table);
  else await writeParquet(temporary, table, world);
  moveIntoPlace(temporary, path);
}

async function writeCsv(path: string, table: OutTable): Promise<void> {
  const out = createWriteStream(path);
  out.write(`${[...table.textColumns, ...table.numberColumns].map(quoted).join(",")}\n`);
  for (let row = 0; row < table.rows; row++) {
    const cells = table.textColumns.map((_, column) => quoted(table.text(row, column)));
    for (let column = 0; column < table.numberColumns.length; column++) cells.push(printed(table.number(row, column)));
    if (!out.write(`${cells.join(",")}\n`)) await once(out, "drain");
  }
  out.end();
  await once(out, "finish");
}

function printed(value: number): string {
  return Number.isNaN(value) ? "" : String(value);
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

async function writeParquet(path: string, table: OutTable, world: World): Promise<void> {
  const { textColumns, numberColumns } = table;
  const types = [...textColumns.map(() => VARCHAR), ...numberColumns.map(() => DOUBLE)];
  const names = [
    ...textColumns.map((name) => `${sqlName(name)} VARCHAR`),
    ...numberColumns.map((name) => `${sqlName(name)} DOUBLE`),
  ];
  await withDuckDB(
    dirname(path),
    async (connection) => {
      await connection.run(`CREATE TEMP TABLE out (${names.join(", ")})`);
      const appender = await connection.createAppender("out");
      for (let from = 0; from < table.rows; from += CHUNK_ROWS) {
        const rows = Array.from({ length: Math.min(CHUNK_ROWS, table.rows - from) }, (_, i) => from + i);
        const chunk = DuckDBDataChunk.create(types, rows.length);
        textColumns.forEach((_, column) => {
          chunk.setColumnValues(
            column,
            rows.map((row) => table.text(row, column)),
          );
        });
        numberColumns.forEach((_, column) => {
          chunk.setColumnValues(
            textColumns.length + column,
            rows.map((row) => orNull(table.number(row, column))),
          );
        });
        appender.appendDataChunk(chunk);
      }
      appender.closeSync();
      await connection.run(`COPY out TO ${sqlText(path)} (FORMAT parquet)`);
    },
    world,
  );
}

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
