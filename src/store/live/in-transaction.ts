import type { LiveSql } from "./live-db.js";

/**
 * How a transaction begins: `write` sees what others have committed as it goes on, `snapshot` one moment. `byKey` writes what it
 * finds by keys that it is given as arrays: for some hundred of them the planner would rather read whole tables into a hash.
 */
const BEGIN = {
  write: "BEGIN",
  byKey: `BEGIN; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL enable_seqscan = off;
    SET LOCAL plan_cache_mode = force_generic_plan`,
  snapshot: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
} as const;

/**
 * Runs `action` between BEGIN and COMMIT on one connection, or takes back what it did and throws what it threw. A statement
 * that failed fails the transaction even if `action` went on: the database would answer COMMIT with a silent ROLLBACK.
 */
export async function inTransaction<T>(
  sql: LiveSql,
  mode: keyof typeof BEGIN,
  action: (sql: LiveSql) => Promise<T>,
): Promise<T> {
  const failures: unknown[] = [];
  const watched = async <R>(statement: Promise<R>): Promise<R> => {
    try {
      return await statement;
    } catch (error) {
      failures.push(error);
      throw error;
    }
  };
  await sql.exec(BEGIN[mode]);
  try {
    const result = await action({
      query: (text, values) => watched(sql.query(text, values)),
      exec: (script) => watched(sql.exec(script)),
    });
    if (failures.length > 0) throw failures[0];
    await sql.exec("COMMIT");
    return result;
  } catch (error) {
    // Where the connection is lost the server takes it back by itself.
    await sql.exec("ROLLBACK").catch(() => {});
    throw error;
  }
}
