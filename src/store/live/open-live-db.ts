import type { World } from "../../base/world.js";
import { homePaths } from "../home-paths.js";
import type { LiveDb } from "./live-db.js";
import { migrate } from "./migrate.js";
import { PgliteDb } from "./pglite-db.js";
import { PostgresDb, type PostgresOptions } from "./postgres-db.js";
import { type StoreObserver, timedDb } from "./timed-db.js";

/** Where the live store is: in a home folder, or in PostgreSQL. */
export type LiveDbPlace = ({ readonly home: string } | ({ readonly url: string } & PostgresOptions)) & Watched;

interface Watched {
  /** Told how long everything takes, from when the tables are there. */
  readonly observe?: StoreObserver;
}

/** Opens the live store with its tables as this version wants them. Throws `STORE_UNAVAILABLE` and `STORE_NEWER`. */
export async function openLiveDb(place: LiveDbPlace, world: Pick<World, "now">): Promise<LiveDb> {
  const db = connectLiveDb(place);
  try {
    await migrate(db, world);
    return place.observe === undefined ? db : timedDb(db, place.observe);
  } catch (error) {
    await db.close().catch(() => {});
    throw error;
  }
}

/** The live store as it is: no table is made or changed. */
export function connectLiveDb(place: LiveDbPlace): LiveDb {
  return "url" in place ? new PostgresDb(place.url, place) : new PgliteDb(homePaths(place.home).live);
}
