import type { DuckDBConnection, DuckDBVector } from "@duckdb/node-api";
import type { World } from "../base/world.js";
import { stopIfAborted } from "./duckdb.js";

export type NumberArray = Float64Array | Int32Array | Int16Array | Uint16Array | Uint8Array;

/**
 * The numbers of a vector as the typed array DuckDB's binding already holds: `getItem` and `setItem` cost a call, a
 * validity test and range checks per value, which is most of the time of reading a lake. The binding keeps the array in
 * a private field of all numeric vectors; a test stops us when a new version of it does not.
 */
export function vectorNumbers(vector: DuckDBVector): NumberArray {
  return (vector as unknown as { readonly items: NumberArray }).items;
}

/**
 * Streams a query of number columns without nulls into `targets`, one array a column, in order. Returns the rows at which its
 * portions begin: several threads read a lake, each from a place of its own, and a portion is of one of them.
 */
export async function fillColumns(
  connection: DuckDBConnection,
  sql: string,
  targets: readonly NumberArray[],
  world: World,
): Promise<number[]> {
  const result = await connection.stream(sql);
  const starts: number[] = [];
  let row = 0;
  for (let chunk = await result.fetchChunk(); chunk !== null; chunk = await result.fetchChunk()) {
    if (chunk.rowCount === 0) break;
    starts.push(row);
    for (let column = 0; column < targets.length; column++) {
      (targets[column] as NumberArray).set(vectorNumbers(chunk.getColumnVector(column)), row);
    }
    row += chunk.rowCount;
    stopIfAborted(world);
  }
  return starts;
}

/** The first column of a query, as texts. */
export async function readTexts(connection: DuckDBConnection, sql: string): Promise<string[]> {
  const columns = await (await connection.run(sql)).getColumns();
  return (columns[0] ?? []).map(String);
}
