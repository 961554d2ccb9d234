import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { type Matrix, matrix, takeRows } from "#src/base/matrix.js";

export const FULL_FILE = "data/sparkify-full-users/users.parquet";

export interface Part {
  readonly x: Matrix;
  readonly y: Uint8Array;
}

/**
 * The users table of the reference figures without the columns that give the label away: rows of userId % 5 = 0 test, the rest train.
 *
 * @param shared the folder of reference figures and real data beside the repository
 */
export async function readFullUsers(shared: string): Promise<{ features: readonly string[]; train: Part; test: Part }> {
  type Columns = { expected: { full: { features: string[] } } };
  const columns = readFileSync(join(shared, "reference/columns.json"), "utf8");
  const { features } = (JSON.parse(columns) as Columns).expected.full;
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const named = features.map((name) =>
    name === "gender_F" ? "CASE gender WHEN 'F' THEN 1.0 ELSE 0.0 END" : `CAST("${name}" AS DOUBLE)`,
  );
  const sql = `SELECT CAST(userId AS INTEGER) % 5 = 0, CAST(churn AS INTEGER), ${named.join(", ")}
    FROM read_parquet('${join(shared, FULL_FILE)}') WHERE CAST(userId AS INTEGER) <> 1261737`;
  const rows = await (await connection.run(sql)).getRows();
  connection.closeSync();
  const x = matrix(
    rows.length,
    features.length,
    Float64Array.from(
      rows.flatMap((row) => row.slice(2).map((value) => (value === null ? Number.NaN : Number(value)))),
    ),
  );
  const part = (isTest: boolean): Part => {
    const taken = rows.flatMap((row, i) => (row[0] === isTest ? [i] : []));
    return { x: takeRows(x, taken), y: Uint8Array.from(taken, (i) => Number(rows[i]?.[1])) };
  };
  return { features, train: part(false), test: part(true) };
}
