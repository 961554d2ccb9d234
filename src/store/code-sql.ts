import { AUTHS, LEVEL, LEVELS, PAGES } from "../schema/pages.js";
import { sqlText } from "./duckdb.js";

/** SQL for the code of a text in a list: the same numbers as `pageCode` and its like, made from the same lists. */
function codeSql(column: string, names: readonly string[], otherwise: number, type: string): string {
  const cases = names.map((name, code) => `WHEN ${sqlText(name)} THEN ${code}`).join(" ");
  return `(CASE ${column} ${cases} ELSE ${otherwise} END)::${type}`;
}

export const PAGE_CODE_SQL = codeSql("page", PAGES, 0, "UTINYINT");
export const AUTH_CODE_SQL = codeSql("auth", AUTHS, 0, "UTINYINT");
export const LEVEL_CODE_SQL = codeSql("level", LEVELS, LEVEL.unknown, "UTINYINT");
export const GENDER_CODE_SQL = "(CASE gender WHEN 'F' THEN 1 WHEN 'M' THEN 2 ELSE 0 END)::UTINYINT";

/** The state of a location: what follows its first comma; `''` when there is none. */
export const STATE_SQL =
  "coalesce(CASE WHEN contains(location, ',') THEN trim(substr(location, instr(location, ',') + 1)) END, '')";

/** `low52` of `base/hash.ts` in SQL. */
export function low52Sql(column: string): string {
  return `CAST('0x' || right(md5(${column}), 13) AS BIGINT)`;
}
