import type { World } from "../base/world.js";
import type { UserId } from "../schema/user-id.js";
import { sqlText } from "./duckdb.js";
import { knownParts } from "./known-events-sql.js";
import type { Lake } from "./lake.js";
import { withLake } from "./with-lake.js";

/** Users in binary text order, both ends included. */
export interface UserRange {
  readonly first: UserId;
  readonly last: UserId;
}

export interface UserRanges {
  /** In order, and together all users. */
  readonly ranges: readonly UserRange[];
  /** First and last moment of the known events, ms. */
  readonly firstTsMs: number;
  readonly lastTsMs: number;
}

/**
 * Shares the users of a lake out into ranges of at most `rowsMax` known events, so that one after the other fits into memory; a
 * user with more has a range of his own. Throws `LAKE_BROKEN`.
 */
export function userRanges(lake: Lake, rowsMax: number, world: World): Promise<UserRanges> {
  return withLake(
    lake,
    async (connection) => {
      const known = knownParts(lake)
        .map((part) => `SELECT owner, ts FROM (${part})`)
        .join(" UNION ALL ");
      const sql = `SELECT owner, count(*)::DOUBLE, min(ts)::DOUBLE, max(ts)::DOUBLE FROM (${known}) GROUP BY owner ORDER BY owner`;
      const rows = await (await connection.run(sql)).getRows();
      const found = { firstTsMs: Number.POSITIVE_INFINITY, lastTsMs: Number.NEGATIVE_INFINITY };
      const ranges: { first: UserId; last: UserId; rows: number }[] = [];
      for (const [owner, count, first, last] of rows) {
        const user = String(owner);
        found.firstTsMs = Math.min(found.firstTsMs, Number(first));
        found.lastTsMs = Math.max(found.lastTsMs, Number(last));
        const open = ranges.at(-1);
        if (open === undefined || open.rows + Number(count) > rowsMax) {
          ranges.push({ first: user, last: user, rows: Number(count) });
        } else Object.assign(open, { last: user, rows: open.rows + Number(count) });
      }
      return { ...found, ranges: ranges.map(({ first, last }) => ({ first, last })) };
    },
    world,
  );
}

/** The rows of a part of `knownParts` whose owner is in a range. */
export function withinSql(part: string, { first, last }: UserRange): string {
  return `SELECT * FROM (${part}) WHERE owner BETWEEN ${sqlText(first)} AND ${sqlText(last)}`;
}
