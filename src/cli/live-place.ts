import { existsSync } from "node:fs";
import { RefrainError } from "../base/errors.js";
import { type Config, settingsOf } from "../schema/config.js";
import { homePaths } from "../store/home-paths.js";
import type { LiveDb } from "../store/live/live-db.js";
import { type LiveDbPlace, openLiveDb } from "../store/live/open-live-db.js";
import type { Context } from "./context.js";

/** Where the live store of a home is: PostgreSQL where `DATABASE_URL` says so, else in the home itself. */
export function livePlace(home: string, config: Config = {}): LiveDbPlace {
  const url = process.env.DATABASE_URL;
  if (url === undefined || url === "") return { home };
  if (!/^postgres(ql)?:\/\//.test(url)) {
    const advice = "Give postgres://USER@HOST/DATABASE, or none to keep live data in the home folder.";
    throw new RefrainError("VALUE_BAD", { name: "DATABASE_URL", value: "(not shown)", advice });
  }
  const { poolSize, statementTimeoutMs, connectTimeoutMs } = settingsOf(config);
  return { url, connections: poolSize, statementMs: statementTimeoutMs, connectMs: connectTimeoutMs };
}

/** With the live store of a home open; null where the home never had one, and none is made. The caller holds the home. */
export async function withLiveIfAny<T>(
  { home, world, config }: Pick<Context, "home" | "world" | "config">,
  work: (live: LiveDb | null) => Promise<T>,
): Promise<T> {
  const place = livePlace(home, config);
  if ("home" in place && !existsSync(homePaths(home).live)) return work(null);
  const db = await openLiveDb(place, world);
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}
