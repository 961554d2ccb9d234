import type { DuckDBConnection } from "@duckdb/node-api";
import { RefrainError } from "../base/errors.js";
import type { World } from "../base/world.js";
import { reasonOf, withDuckDB } from "./duckdb.js";
import { homePaths } from "./home-paths.js";
import type { Lake } from "./lake.js";

/** Runs `action` on a DuckDB of its own to read a lake. What DuckDB cannot read it says as `LAKE_BROKEN`. */
export async function withLake<T>(
  lake: Lake,
  action: (connection: DuckDBConnection) => Promise<T>,
  world: World,
): Promise<T> {
  try {
    return await withDuckDB(homePaths(lake.home).temp, action, world);
  } catch (error) {
    if (error instanceof RefrainError) throw error;
    throw new RefrainError("LAKE_BROKEN", { home: lake.home, reason: reasonOf(error) }, error);
  }
}
