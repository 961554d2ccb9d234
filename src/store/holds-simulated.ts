import type { World } from "../base/world.js";
import { SIMULATED_AGENT } from "../schema/event-limits.js";
import { readNumbers, sqlText, withDuckDB } from "./duckdb.js";
import { homePaths } from "./home-paths.js";
import { eventsSql, type Lake } from "./lake.js";

/** Whether any event of the lake comes from `simulate`: its figures then say so. */
export async function holdsSimulated(lake: Lake, world: World): Promise<boolean> {
  const events = eventsSql(lake.home, lake.manifest.files);
  const sql = `SELECT count(*) FROM (SELECT 1 FROM ${events} WHERE contains(user_agent, ${sqlText(SIMULATED_AGENT)}) LIMIT 1)`;
  const [found = 0] = await withDuckDB(homePaths(lake.home).temp, (connection) => readNumbers(connection, sql), world);
  return found > 0;
}
