import type { DuckDBConnection } from "@duckdb/node-api";
import type { World } from "../base/world.js";
import type { ExploreDocument } from "../schema/explore-document.js";
import { holdsSimulated } from "../store/holds-simulated.js";
import { type Lake, lakeSummary, openLake } from "../store/lake.js";
import { withLake } from "../store/with-lake.js";
import { churnOf } from "./explore/churn.js";
import { clockOf } from "./explore/clock.js";
import { odditiesOf } from "./explore/oddities.js";
import { pagesOf } from "./explore/pages.js";
import { retentionOf } from "./explore/retention.js";
import { sessionsOf } from "./explore/sessions.js";
import { survivalOf } from "./explore/survival.js";
import { makeTables } from "./explore/tables.js";
import { usersOf } from "./explore/users.js";
import { volumesOf } from "./explore/volumes.js";

/**
 * What is in the data of a home: a description of its rows as received, over their whole span, and so nothing to predict
 * with. Sessions and users are counted by rows that carry a user id. All times UTC. Fails with NO_DATA or LAKE_BROKEN.
 */
export async function explore(home: string, world: World): Promise<ExploreDocument> {
  const lake = openLake(home);
  world.log.info("Looking at the data");
  return withLake(lake, (connection) => figuresOf(connection, lake), world);
}

async function figuresOf(connection: DuckDBConnection, lake: Lake): Promise<ExploreDocument> {
  const summary = lakeSummary(lake);
  await makeTables(connection, lake);
  return {
    timeZone: "UTC",
    simulated: await holdsSimulated(connection, lake),
    volumes: await volumesOf(connection, summary),
    pages: await pagesOf(connection),
    sessions: await sessionsOf(connection),
    users: await usersOf(connection),
    clock: await clockOf(connection, summary),
    retention: await retentionOf(connection, summary),
    survival: await survivalOf(connection, summary.lastTs),
    churn: await churnOf(connection, summary.lastTs),
    oddities: await odditiesOf(connection),
  };
}
