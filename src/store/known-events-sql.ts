import { AUTH_CODE_SQL, GENDER_CODE_SQL, LEVEL_CODE_SQL, PAGE_CODE_SQL } from "./code-sql.js";
import { sqlText } from "./duckdb.js";
import { homePaths } from "./home-paths.js";
import { attributionsAreCurrent, eventsSql, type Lake } from "./lake.js";
import type { EventFile } from "./manifest.js";

/** What the folds read of a row of `receivedSql` or `recoveredSql`, but for its user and state: field → number column. */
export const EVENT_NUMBERS_SQL = {
  knownAtMs: "known::DOUBLE",
  tsMs: "ts::DOUBLE",
  sessionId: "session_id::DOUBLE",
  item: "item",
  page: PAGE_CODE_SQL,
  auth: AUTH_CODE_SQL,
  level: LEVEL_CODE_SQL,
  status: "coalesce(status, 0)::USMALLINT",
  length10us: "coalesce(length_10us, -1)",
  artist: "coalesce(artist_id, -1)::DOUBLE",
  song: "coalesce(song_id, -1)::DOUBLE",
  registrationMs: "coalesce(registration::DOUBLE, 'NaN'::DOUBLE)",
  gender: GENDER_CODE_SQL,
} as const;

/** The rows that came with their user: `owner`, `known`, and the columns of the lake. */
export function receivedSql(lake: Lake, files: readonly EventFile[]): string {
  return `SELECT user_id AS owner, ts AS known, * FROM ${eventsSql(lake.home, files)} WHERE user_id <> ''`;
}

/** The logged-out rows that a table of `attributionsSql` names, in the same columns. `when`: a further condition on them. */
export function recoveredSql(lake: Lake, files: readonly EventFile[], attributions: string, when = ""): string {
  const events = eventsSql(lake.home, files);
  const blank = `SELECT *, ${PAGE_CODE_SQL} AS page_code FROM ${events} WHERE user_id = '' ${when}`;
  return `SELECT a.user_id AS owner, a.known_at AS known, e.* EXCLUDE (page_code) FROM (${blank}) e
    JOIN ${attributions} a USING (session_id, item, ts, page_code)`;
}

/** A file of attributions as a table: the key of a row, its user, and since when that is known. */
export function attributionsSql(file: string): string {
  return `(SELECT session_id, item, ts, page AS page_code, user_id, known_at FROM read_parquet(${sqlText(file)}))`;
}

/** All known events of a lake, or of some of its files, in parts: the rows that came with their user, then the recovered ones where there are any. */
export function knownParts(lake: Lake, files: readonly EventFile[] = lake.manifest.files): string[] {
  const received = receivedSql(lake, files);
  // Attributions of another state of the lake belong to rows that may since have come by their owners.
  if (!attributionsAreCurrent(lake)) return [received];
  return [received, recoveredSql(lake, files, attributionsSql(homePaths(lake.home).attributions))];
}
