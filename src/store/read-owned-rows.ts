import type { DuckDBConnection } from "@duckdb/node-api";
import { RefrainError } from "../base/errors.js";
import type { World } from "../base/world.js";
import type { UserId } from "../schema/user-id.js";
import { AUTH_CODE_SQL, GENDER_CODE_SQL, LEVEL_CODE_SQL, PAGE_CODE_SQL, STATE_SQL } from "./code-sql.js";
import { readTexts } from "./column-chunks.js";
import { readNumbers, reasonOf, sqlText, withDuckDB } from "./duckdb.js";
import { homePaths } from "./home-paths.js";
import { eventsSql, type Lake } from "./lake.js";
import type { EventFile } from "./manifest.js";

const NUMBERS = {
  knownAtMs: "known::DOUBLE",
  tsMs: "ts::DOUBLE",
  sessionId: "session_id::DOUBLE",
  item: "item::DOUBLE",
  page: PAGE_CODE_SQL,
  auth: AUTH_CODE_SQL,
  level: LEVEL_CODE_SQL,
  status: "coalesce(status, 0)::DOUBLE",
  length10us: "coalesce(length_10us, -1)::DOUBLE",
  artist: "coalesce(artist_id, -1)::DOUBLE",
  song: "coalesce(song_id, -1)::DOUBLE",
  registrationMs: "coalesce(registration::DOUBLE, 'NaN'::DOUBLE)",
  gender: GENDER_CODE_SQL,
} as const;
const TEXTS = { user: "owner", stateName: STATE_SQL } as const;
const COLUMNS = { ...TEXTS, ...NUMBERS };

/** A known event of the lake in the codes of the folds, with its user. */
export type LakeRow = { readonly [name in keyof typeof NUMBERS]: number } & {
  readonly [name in keyof typeof TEXTS]: string;
};

/** What the known events of a lake are more and less than they were. */
export interface LakeChanges {
  /** In no order. */
  readonly added: readonly LakeRow[];
  /** Users of whom an event was taken away, or is known since another time. */
  readonly disowned: readonly UserId[];
}

/**
 * What has changed since a lake was without `newFiles` and had the attributions in the file `attributionsThen`. The
 * attributions of now must be current. Throws `LAKE_BROKEN`.
 */
export function readChanges(
  lake: Lake,
  { newFiles, attributionsThen }: { newFiles: readonly EventFile[]; attributionsThen: string },
  world: World,
): Promise<LakeChanges> {
  return withLake(lake, world, async (connection) => {
    await connection.run(`CREATE TEMP TABLE now AS ${attributionsSql(homePaths(lake.home).attributions)}`);
    await connection.run(`CREATE TEMP TABLE past AS ${attributionsSql(attributionsThen)}`);
    await connection.run("CREATE TEMP TABLE gone AS FROM past EXCEPT FROM now");
    await connection.run("CREATE TEMP TABLE fresh AS FROM now EXCEPT FROM past");
    await connection.run("CREATE TEMP TABLE kept AS FROM now INTERSECT FROM past");
    // Their times are said as numbers, so that only the parts of the lake are read that may hold such rows.
    const [first = 0, last = -1] = await readNumbers(connection, "SELECT min(ts), max(ts) FROM fresh");
    const near = lake.manifest.files.filter((file) => file.lastTs >= first && file.firstTs <= last);
    const parts = near.length === 0 ? [] : [recoveredSql(lake, near, "fresh", `AND ts BETWEEN ${first} AND ${last}`)];
    // A row that agrees in everything with one that was recovered before shares its owner.
    if (newFiles.length > 0) parts.push(receivedSql(lake, newFiles), recoveredSql(lake, newFiles, "kept"));
    return {
      added: parts.length === 0 ? [] : await readRows(connection, parts.join(" UNION ALL ")),
      disowned: await readTexts(connection, "SELECT DISTINCT user_id FROM gone"),
    };
  });
}

/** All known events of some users, in no order. The attributions must be current. Throws `LAKE_BROKEN`. */
export function readRowsOf(lake: Lake, users: readonly UserId[], world: World): Promise<LakeRow[]> {
  return withLake(lake, world, async (connection) => {
    await connection.run("CREATE TEMP TABLE chosen (user_id VARCHAR)");
    const appender = await connection.createAppender("chosen");
    for (const user of users) {
      appender.appendVarchar(user);
      appender.endRow();
    }
    appender.closeSync();
    await connection.run(
      `CREATE TEMP TABLE now AS FROM (${attributionsSql(homePaths(lake.home).attributions)}) SEMI JOIN chosen USING (user_id)`,
    );
    const { files } = lake.manifest;
    const received = `SELECT * FROM (${receivedSql(lake, files)}) SEMI JOIN chosen USING (user_id)`;
    return readRows(connection, `${received} UNION ALL ${recoveredSql(lake, files, "now")}`);
  });
}

const attributionsSql = (file: string): string =>
  `SELECT session_id, item, ts, page AS page_code, user_id, known_at FROM read_parquet(${sqlText(file)})`;

function receivedSql(lake: Lake, files: readonly EventFile[]): string {
  return `SELECT user_id AS owner, ts AS known, * FROM ${eventsSql(lake.home, files)} WHERE user_id <> ''`;
}

function recoveredSql(lake: Lake, files: readonly EventFile[], attributions: string, when = ""): string {
  const events = eventsSql(lake.home, files);
  const blank = `SELECT *, ${PAGE_CODE_SQL} AS page_code FROM ${events} WHERE user_id = '' ${when}`;
  return `SELECT a.user_id AS owner, a.known_at AS known, e.* EXCLUDE (page_code) FROM (${blank}) e
    JOIN ${attributions} a USING (session_id, item, ts, page_code)`;
}

async function readRows(connection: DuckDBConnection, source: string): Promise<LakeRow[]> {
  const names = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[];
  const select = names.map((name) => `${COLUMNS[name]} AS c_${name}`).join(", ");
  const result = await connection.runAndReadAll(`SELECT ${select} FROM (${source})`);
  return result.getRows().map((cells) => Object.fromEntries(names.map((name, i) => [name, cells[i]])) as LakeRow);
}

async function withLake<T>(lake: Lake, world: World, action: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  try {
    return await withDuckDB(homePaths(lake.home).temp, action, world);
  } catch (error) {
    if (error instanceof RefrainError) throw error;
    throw new RefrainError("LAKE_BROKEN", { home: lake.home, reason: reasonOf(error) }, error);
  }
}
