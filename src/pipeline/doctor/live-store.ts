import { existsSync } from "node:fs";
import { RefrainError } from "../../base/errors.js";
import { homePaths } from "../../store/home-paths.js";
import { MIGRATIONS } from "../../store/live/migrations/all.js";
import { connectLiveDb, type LiveDbPlace } from "../../store/live/open-live-db.js";
import { withLiveLock } from "../../store/live-lock.js";
import { type Check, fail, ok, warn } from "./check.js";

/** Whether the live store answers, and has the tables of this version. Changes nothing in it. */
export async function checkLiveStore(place: LiveDbPlace): Promise<Check> {
  const kind = "url" in place ? "PostgreSQL" : "PGlite";
  if ("home" in place && !existsSync(homePaths(place.home).live)) {
    return ok("live store", "none yet: refrain serve makes one in the home, DATABASE_URL names another");
  }
  try {
    return await withLiveLock(place, "doctor", () => look(place, kind));
  } catch (error) {
    if (!(error instanceof RefrainError)) throw error;
    if (error.code === "LIVE_STORE_IN_USE")
      return warn("live store", "its holder has it open", "Ask the service: GET /health/ready.");
    return fail("live store", error.message, error.hint);
  }
}

async function look(place: LiveDbPlace, kind: string): Promise<Check> {
  const db = connectLiveDb(place);
  try {
    const [there] = await db.query<{ is: boolean }>("SELECT to_regclass('migrations') IS NOT NULL AS is");
    if (!there?.is) return ok("live store", `${kind} answers, and is empty`);
    const [row] = await db.query<{ version: number }>("SELECT max(version) AS version FROM migrations");
    const [version, known] = [row?.version ?? 0, MIGRATIONS.length];
    if (version > known) {
      return fail(
        "live store",
        `migration ${version}; this version knows ${known}`,
        "Install a later version of Refrain.",
      );
    }
    if (version < known)
      return warn("live store", `migration ${version} of ${known}`, "refrain serve makes the others.");
    return ok("live store", `${kind} answers, with all ${known} migrations`);
  } finally {
    await db.close().catch(() => {});
  }
}
