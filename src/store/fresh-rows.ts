import { readNumbers } from "./duckdb.js";
import { eventsSql } from "./lake.js";
import type { Manifest } from "./manifest.js";
import type { Staging } from "./staging.js";

const MONTH_SQL = "(year(epoch_ms(s.ts::BIGINT)) * 100 + month(epoch_ms(s.ts::BIGINT)))::INTEGER";

/**
 * Makes the table `fresh`: of the staged rows the first of each idempotency key (user id as received, session, item, ts,
 * page) that the lake does not hold yet, by `ts`. `month` is year × 100 + month, UTC; `staged_row` the place in `staged`.
 * Returns true when that is all of them.
 *
 * @param hasErased whether there is a table `erased` of rows to leave out
 */
export async function selectFresh(
  staging: Staging,
  { home, manifest, hasErased }: { readonly home: string; readonly manifest: Manifest; readonly hasErased: boolean },
): Promise<boolean> {
  const { connection } = staging;
  const [first = Number.NaN, last = Number.NaN] = await readNumbers(connection, "SELECT min(ts), max(ts) FROM staged");
  const overlapping = manifest.files.filter((file) => file.lastTs >= first && file.firstTs <= last);
  if (overlapping.length === 0 && !hasErased && staging.isOrderedAndDistinct()) {
    await connection.run(
      `CREATE TEMP VIEW fresh AS SELECT *, rowid::INTEGER AS staged_row, ${MONTH_SQL} AS month FROM staged s`,
    );
    return true;
  }
  if (overlapping.length > 0) {
    await connection.run(
      `CREATE TEMP TABLE present AS
       SELECT u.code AS user_id, p.code AS page, e.session_id::DOUBLE AS session_id, e.item, e.ts::DOUBLE AS ts
       FROM ${eventsSql(home, overlapping)} e
       JOIN word_user_id u ON u.text = e.user_id JOIN word_page p ON p.text = e.page
       WHERE e.ts BETWEEN ${first} AND ${last}`,
    );
  }
  await connection.run(
    `CREATE TEMP VIEW keyed AS
     SELECT s.*, s.rowid::INTEGER AS staged_row, p.user_id, q.page
     FROM staged s JOIN profile p ON p.code = s.profile JOIN request q ON q.code = s.request`,
  );
  await connection.run(
    `CREATE TEMP TABLE fresh AS
     SELECT s.* EXCLUDE (user_id, page), ${MONTH_SQL} AS month
     FROM keyed s
     SEMI JOIN (SELECT min(ord) AS ord FROM keyed GROUP BY user_id, session_id, item, ts, page) USING (ord)
     ${hasErased ? "ANTI JOIN erased USING (ord)" : ""}
     ${overlapping.length > 0 ? "ANTI JOIN present USING (user_id, session_id, item, ts, page)" : ""}
     ORDER BY s.ts, s.ord`,
  );
  return false;
}
