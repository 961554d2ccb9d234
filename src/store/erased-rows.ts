import type { DuckDBConnection } from "@duckdb/node-api";
import { sqlText } from "./duckdb.js";
import { LINES_PER_PART_MAX, type Staging } from "./staging.js";
import type { Tombstones } from "./tombstones.js";

/**
 * Makes the table `erased` of the staged rows (their `ord`) that are of users who were erased, or were erased with the user they had
 * been recovered for. Returns how many there are by part; without tombstones nothing is made.
 */
export async function selectErased(staging: Staging, tombstones: Tombstones): Promise<ReadonlyMap<number, number>> {
  if (tombstones.isEmpty) return new Map();
  const { connection, words } = staging;
  const users = words.user_id.texts().flatMap((user, code) => (tombstones.hasUser(user) ? [code] : []));
  const hashes = [...tombstones.erased.keys()].map((hash) => `(${sqlText(hash)})`);
  const row = "'row ' || s.session_id::BIGINT || '/' || s.item || '/' || s.ts::BIGINT || '/' || q.text";
  const isRow = tombstones.salts.map((salt) => `sha256(${sqlText(salt)} || ${row}) IN (SELECT sha256 FROM tombstone)`);
  await connection.run(`CREATE TEMP TABLE tombstone AS SELECT col0 AS sha256 FROM (VALUES ${hashes.join(", ")})`);
  await connection.run(
    `CREATE TEMP TABLE erased AS
     SELECT s.ord FROM staged s JOIN profile p ON p.code = s.profile
     WHERE p.user_id IN (${[-1, ...users].join(", ")})
     UNION ALL
     SELECT s.ord FROM staged s JOIN profile p ON p.code = s.profile JOIN word_user_id u ON u.code = p.user_id
       JOIN request r ON r.code = s.request JOIN word_page q ON q.code = r.page
     WHERE u.text = '' AND (${["false", ...isRow].join(" OR ")})`,
  );
  return rowsByPart(connection, "erased");
}

/** How many rows of a table with `ord` each part gave. */
export async function rowsByPart(
  connection: DuckDBConnection,
  table: "fresh" | "erased",
): Promise<ReadonlyMap<number, number>> {
  const result = await connection.run(
    `SELECT floor(ord / ${LINES_PER_PART_MAX})::INTEGER AS part, count(*)::DOUBLE FROM ${table} GROUP BY part`,
  );
  return new Map((await result.getRows()).map(([part, rows]) => [Number(part), Number(rows)]));
}
