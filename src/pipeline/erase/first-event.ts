import type { World } from "../../base/world.js";
import type { UserId } from "../../schema/user-id.js";
import { readNumbers, sqlText, withDuckDB } from "../../store/duckdb.js";
import { homePaths } from "../../store/home-paths.js";
import { eventsSql } from "../../store/lake.js";
import type { LiveSql } from "../../store/live/live-db.js";
import { readManifest } from "../../store/manifest.js";

/** The time of the first event received under a user id, in the lake or live; null where there is none. */
export async function firstEventOf(
  home: string,
  user: UserId,
  live: LiveSql | null,
  world: World,
): Promise<number | null> {
  const rows =
    (await live?.query<{ ts: number | null }>("SELECT min(ts_ms) AS ts FROM events WHERE user_id = $1", [user])) ?? [];
  const { files } = readManifest(home);
  const times = [rows[0]?.ts ?? null];
  if (files.length > 0) {
    const sql = `SELECT min(ts) FROM ${eventsSql(home, files)} WHERE user_id = ${sqlText(user)} HAVING count(*) > 0`;
    times.push(
      (await withDuckDB(homePaths(home).temp, (connection) => readNumbers(connection, sql), world))[0] ?? null,
    );
  }
  const known = times.filter((ts) => ts !== null);
  return known.length === 0 ? null : Math.min(...known);
}
