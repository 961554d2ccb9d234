import { existsSync } from "node:fs";
import { RefrainError } from "../base/errors.js";
import { type Config, settingsOf } from "../schema/config.js";
import { homePaths } from "../store/home-paths.js";
import type { LiveDb } from "../store/live/live-db.js";
import { type LiveDbPlace, openLiveDb } from "../store/live/open-live-db.js";
import { type RunningService, runningService, withLiveLock } from "../store/live-lock.js";
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

type Where = Pick<Context, "home" | "world" | "config">;

/** The service that has the live store of a home open, where other commands cannot open it beside; null where there is none. */
export function serviceInTheWay({ home, config }: Where): RunningService | null {
  return "home" in livePlace(home, config) ? runningService(home) : null;
}

/** With the live store of a home open. Throws `LIVE_STORE_IN_USE`, `STORE_UNAVAILABLE`. */
export function withLive<T>(context: Where, command: string, work: (live: LiveDb) => Promise<T>): Promise<T> {
  const place = livePlace(context.home, context.config);
  return withLiveLock(place, command, async () => {
    const db = await openLiveDb(place, context.world);
    try {
      return await work(db);
    } finally {
      await db.close();
    }
  });
}

/** The same; null where the home never had a live store, and none is made. */
export async function withLiveIfAny<T>(
  context: Where,
  command: string,
  work: (live: LiveDb | null) => Promise<T>,
): Promise<T> {
  const place = livePlace(context.home, context.config);
  const isAbsent = "home" in place && !existsSync(homePaths(context.home).live);
  return isAbsent ? work(null) : withLive(context, command, work);
}
