import { RefrainError } from "../base/errors.js";
import { type Config, settingsOf } from "../schema/config.js";
import type { LiveDbPlace } from "../store/live/open-live-db.js";

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
