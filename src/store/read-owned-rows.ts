import type { DuckDBConnection } from "@duckdb/node-api";
import type { World } from "../base/world.js";
import type { UserId } from "../schema/user-id.js";
import { STATE_SQL } from "./code-sql.js";
import { readTexts } from "./column-chunks.js";
import { readNumbers } from "./duckdb.js";
import { homePaths } from "./home-paths.js";
import { attributionsSql, EVENT_NUMBERS_SQL, receivedSql, recoveredSql } from "./known-events-sql.js";
import type { Lake } from "./lake.js";
import type { EventFile } from "./manifest.js";
import { withLake } from "./with-lake.js";

const TEXTS = { user: "owner", stateName: STATE_SQL } as const;
const COLUMNS = { ...TEXTS, ...EVENT_NUMBERS_SQL };

/** A known event of the lake in the codes of the folds, with its user. */
export type LakeRow = { readonly [name in keyof typeof EVENT_NUMBERS_SQL]: number } & {
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
  return withLake(
    lake,
    async (connection) => {
      await connection.run(`CREATE TEMP TABLE now AS FROM ${attributionsSql(homePaths(lake.home).attributions)}`);
      await connection.run(`CREATE TEMP TABLE past AS FROM ${attributionsSql(attributionsThen)}`);
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
    },
    world,
  );
}

/** All known events of some users, in no order. The attributions must be current. Throws `LAKE_BROKEN`. */
export function readRowsOf(lake: Lake, users: readonly UserId[], world: World): Promise<LakeRow[]> {
  return withLake(
    lake,
    async (connection) => {
      await connection.run("CREATE TEMP TABLE chosen (user_id VARCHAR)");
      const appender = await connection.createAppender("chosen");
      for (const user of users) {
        appender.appendVarchar(user);
        appender.endRow();
      }
      appender.closeSync();
      await connection.run(
        `CREATE TEMP TABLE now AS FROM ${attributionsSql(homePaths(lake.home).attributions)} SEMI JOIN chosen USING (user_id)`,
      );
      const { files } = lake.manifest;
      const received = `SELECT * FROM (${receivedSql(lake, files)}) SEMI JOIN chosen USING (user_id)`;
      return readRows(connection, `${received} UNION ALL ${recoveredSql(lake, files, "now")}`);
    },
    world,
  );
}

async function readRows(connection: DuckDBConnection, source: string): Promise<LakeRow[]> {
  const names = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[];
  const select = names.map((name) => `${COLUMNS[name]} AS c_${name}`).join(", ");
  const result = await connection.runAndReadAll(`SELECT ${select} FROM (${source})`);
  return result.getRows().map((cells) => Object.fromEntries(names.map((name, i) => [name, cells[i]])) as LakeRow);
}
