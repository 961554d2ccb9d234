import { mkdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { World } from "../base/world.js";
import type { UserId } from "../schema/user-id.js";
import { moveIntoPlace } from "./atomic-file.js";
import { PAGE_CODE_SQL } from "./code-sql.js";
import { readNumbers, sqlText } from "./duckdb.js";
import { FILE_FIGURES_SQL } from "./file-figures.js";
import { homePaths } from "./home-paths.js";
import { attributionsSql } from "./known-events-sql.js";
import { attributionsAreCurrent, eventsSql, type Lake } from "./lake.js";
import type { EventFile } from "./manifest.js";
import { ROW_GROUP_ROWS } from "./texts-to-write.js";
import type { RowKey } from "./tombstones.js";
import { withLake } from "./with-lake.js";

/** The logged-out rows of a lake that belong to a user by its attributions, which must be current where there are any. */
export function recoveredRowsOf(lake: Lake, user: UserId, world: World): Promise<RowKey[]> {
  const { attributions } = homePaths(lake.home);
  if (!attributionsAreCurrent(lake)) return Promise.resolve([]);
  return withLake(
    lake,
    async (connection) => {
      await connection.run(
        `CREATE TEMP TABLE own AS FROM ${attributionsSql(attributions)} WHERE user_id = ${sqlText(user)}`,
      );
      const blank = `SELECT *, ${PAGE_CODE_SQL} AS page_code FROM ${eventsSql(lake.home, lake.manifest.files)} WHERE user_id = ''`;
      const result = await connection.runAndReadAll(
        `SELECT session_id::DOUBLE, item, ts::DOUBLE, page FROM (${blank})
         SEMI JOIN own USING (session_id, item, ts, page_code)`,
      );
      return result.getRows().map(([sessionId, item, tsMs, page]) => ({
        sessionId: Number(sessionId),
        item: Number(item),
        tsMs: Number(tsMs),
        page: String(page),
      }));
    },
    world,
  );
}

/** What a lake without some rows is made of. `renamed`: path of a file → of the one that takes its place, null where none is left. */
export interface WithoutRows {
  readonly files: readonly EventFile[];
  readonly renamed: ReadonlyMap<string, string | null>;
  readonly users: number;
  readonly received: number;
  readonly recovered: number;
}

/**
 * Writes the files of a lake anew without the rows of a user and some rows that name nobody; nobody reads them until a manifest names
 * them. Written anew too is what came in the same commit: its files list the texts of all of it. Throws `LAKE_BROKEN`.
 */
export function writeWithout(
  lake: Lake,
  { user, rows }: { readonly user: UserId; readonly rows: readonly RowKey[] },
  world: World,
): Promise<WithoutRows> {
  const { home, manifest } = lake;
  return withLake(
    lake,
    async (connection) => {
      await stageRows(connection, rows);
      const [isReceived, isRecovered] = [
        `user_id = ${sqlText(user)}`,
        "EXISTS (FROM gone g WHERE g.session_id = e.session_id AND g.item = e.item AND g.ts = e.ts AND g.page = e.page)",
      ];
      const isGone = `(${isReceived} OR (user_id = '' AND ${isRecovered}))`;
      const counts = new Map<string, [number, number]>();
      for (const file of manifest.files) {
        const [received = 0, recovered = 0] = await readNumbers(
          connection,
          `SELECT count(*) FILTER (${isReceived}), count(*) FILTER (user_id = '') FROM ${eventsSql(home, [file])} e WHERE ${isGone}`,
        );
        if (received + recovered > 0) counts.set(file.path, [received, recovered]);
      }
      const commits = new Set([...counts.keys()].map((path) => basename(path)));
      const renamed = new Map<string, string | null>();
      const files: EventFile[] = [];
      for (const [place, file] of manifest.files.entries()) {
        const isToWrite = commits.has(basename(file.path));
        const next = isToWrite ? await rewrite(connection, lake, { file, place, where: `NOT ${isGone}` }) : file;
        if (next !== file) renamed.set(file.path, next?.path ?? null);
        if (next !== null) files.push(next);
      }
      const sum = (at: 0 | 1) => [...counts.values()].reduce((total, pair) => total + pair[at], 0);
      const users = files.length === 0 ? 0 : ((await readNumbers(connection, usersSql(home, files)))[0] ?? 0);
      return { files, renamed, users, received: sum(0), recovered: sum(1) };
    },
    world,
  );
}

function usersSql(home: string, files: readonly EventFile[]): string {
  return `SELECT count(DISTINCT user_id)::DOUBLE FROM ${eventsSql(home, files)} WHERE user_id <> ''`;
}

async function rewrite(
  connection: DuckDBConnection,
  { home, manifest }: Lake,
  { file, place, where }: { readonly file: EventFile; readonly place: number; readonly where: string },
): Promise<EventFile | null> {
  const { lake, temp } = homePaths(home);
  mkdirSync(temp, { recursive: true });
  const name = `${String(manifest.version + 1).padStart(6, "0")}-${place}.parquet`;
  const temporary = join(temp, `${basename(dirname(file.path))}-${name}`);
  await connection.run(
    `COPY (SELECT * FROM ${eventsSql(home, [file])} e WHERE ${where})
     TO ${sqlText(temporary)} (FORMAT parquet, ROW_GROUP_SIZE ${ROW_GROUP_ROWS})`,
  );
  const result = await connection.run(`SELECT ${FILE_FIGURES_SQL} FROM read_parquet(${sqlText(temporary)})`);
  const [rows, blankRows, firstTs, lastTs, digest] = (await result.getRows())[0] ?? [];
  if (Number(rows) === 0) return null;
  const path = `${dirname(file.path)}/${name}`;
  moveIntoPlace(temporary, join(lake, path));
  const figures = {
    rows: Number(rows),
    blankRows: Number(blankRows),
    firstTs: Number(firstTs),
    lastTs: Number(lastTs),
  };
  return { path, ...figures, digest: String(digest) };
}

async function stageRows(connection: DuckDBConnection, rows: readonly RowKey[]): Promise<void> {
  await connection.run("CREATE TEMP TABLE gone (session_id BIGINT, item INTEGER, ts BIGINT, page VARCHAR)");
  const appender = await connection.createAppender("gone");
  for (const { sessionId, item, tsMs, page } of rows) {
    appender.appendBigInt(BigInt(sessionId));
    appender.appendInteger(item);
    appender.appendBigInt(BigInt(tsMs));
    appender.appendVarchar(page);
    appender.endRow();
  }
  appender.closeSync();
}
