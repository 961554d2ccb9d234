import type { Instant } from "../../base/time.js";
import type { LiveSql } from "../../store/live/live-db.js";
import type { EventFile } from "../../store/manifest.js";

/** Files of the lake whose events the live store holds: path → digest. */
export async function takenDigests(sql: LiveSql): Promise<ReadonlyMap<string, string>> {
  const taken = await sql.query<{ path: string; digest: string }>("SELECT path, digest FROM lake_files");
  return new Map(taken.map(({ path, digest }) => [path, digest]));
}

export async function markTaken(sql: LiveSql, files: readonly EventFile[], now: Instant): Promise<void> {
  for (const { path, digest } of files) {
    await sql.query(
      `INSERT INTO lake_files VALUES ($1, $2, $3)
       ON CONFLICT (path) DO UPDATE SET digest = excluded.digest, taken_at_ms = excluded.taken_at_ms`,
      [path, digest, now],
    );
  }
}
