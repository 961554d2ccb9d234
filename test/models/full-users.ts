import { DuckDBInstance } from "@duckdb/node-api";
import { type Matrix, matrix, takeRows } from "../../src/base/matrix.js";
import { readShared, sharedPath } from "../shared.js";

export const FULL_FILE = "data/sparkify-full-users/users.parquet";

export interface Part {
  readonly x: Matrix;
  readonly y: Uint8Array;
}

/** The users table of the reference figures without the columns that give the label away: rows of userId % 5 = 0 test, the rest train. */
export async function readFullUsers(): Promise<{ features: readonly string[]; train: Part; test: Part }> {
  type Columns = { expected: { full: { features: string[] } } };
  const { features } = readShared<Columns>("reference/columns.json").expected.full;
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const named = features.map((name) =>
    name === "gender_F" ? "CASE gender WHEN 'F' THEN 1.0 ELSE 0.0 END" : `CAST("${name}" AS DOUBLE)`,
  );
  const sql = `SELECT CAST(userId AS INTEGER) % 5 = 0, CAST(churn AS INTEGER), ${named.join(", ")}
    FROM read_parquet('${sharedPath(FULL_FILE)}') WHERE CAST(userId AS INTEGER) <> 1261737`;
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
