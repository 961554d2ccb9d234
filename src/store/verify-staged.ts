import { RefrainError } from "../base/errors.js";
import { readNumbers } from "./duckdb.js";
import { FILE_FIGURES_SQL } from "./file-figures.js";
import { eventsSql } from "./lake.js";
import type { EventFile, Manifest } from "./manifest.js";
import type { Staging } from "./staging.js";

/**
 * Makes sure that a lake holds every staged row but those of users who were erased, by reading back what was written. Throws
 * `LAKE_BROKEN`.
 */
export async function verifyStaged(
  staging: Staging,
  { home, manifest, newFiles }: { home: string; manifest: Manifest; newFiles: readonly EventFile[] },
): Promise<void> {
  const { connection } = staging;
  for (const file of newFiles) {
    const result = await connection.run(`SELECT ${FILE_FIGURES_SQL} FROM ${eventsSql(home, [file])}`);
    const [rows, , , , digest] = (await result.getRows())[0] ?? [];
    if (Number(rows) !== file.rows || digest !== file.digest) {
      throw new RefrainError("LAKE_BROKEN", { home, reason: `${file.path} is not what was written` });
    }
  }
  const [first = 0, last = -1] = await readNumbers(connection, "SELECT min(ts), max(ts) FROM staged");
  const near = manifest.files.filter((file) => file.lastTs >= first && file.firstTs <= last);
  const [missing = 0] = await readNumbers(
    connection,
    `SELECT count(*) FROM (
       SELECT u.text AS user_id, q.text AS page, s.session_id::BIGINT AS session_id, s.item, s.ts::BIGINT AS ts
       FROM staged s JOIN profile p ON p.code = s.profile JOIN request r ON r.code = s.request
         JOIN word_user_id u ON u.code = p.user_id JOIN word_page q ON q.code = r.page
     ) ${near.length === 0 ? "" : `ANTI JOIN ${eventsSql(home, near)} USING (user_id, page, session_id, item, ts)`}`,
  );
  if (missing > 0) throw new RefrainError("LAKE_BROKEN", { home, reason: `${missing} rows did not come to it` });
}
