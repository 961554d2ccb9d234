import type { DuckDBConnection } from "@duckdb/node-api";
import type { World } from "../base/world.js";
import { SIMULATED_AGENT } from "../schema/event-limits.js";
import { readNumbers, sqlText, withDuckDB } from "./duckdb.js";
import { homePaths } from "./home-paths.js";
import { eventsSql, type Lake } from "./lake.js";

/** `holdsSimulated` on a connection of its own. */
export function lakeIsSimulated(lake: Lake, world: World): Promise<boolean> {
  return withDuckDB(homePaths(lake.home).temp, (connection) => holdsSimulated(connection, lake), world);
}

/** Whether any event of the lake comes from `simulate`: its figures then say so. */
export async function holdsSimulated(connection: DuckDBConnection, lake: Lake): Promise<boolean> {
  const events = eventsSql(lake.home, lake.manifest.files);
  const marked = `SELECT 1 FROM ${events} WHERE contains(user_agent, ${sqlText(SIMULATED_AGENT)}) LIMIT 1`;
  const [found = 0] = await readNumbers(connection, `SELECT count(*) FROM (${marked})`);
  return found > 0;
}
