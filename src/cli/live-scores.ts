import { existsSync } from "node:fs";
import { LiveService } from "../pipeline/live/service.js";
import { settingsOf } from "../schema/config.js";
import type { ScoresDocument } from "../schema/documents.js";
import { waitForHomeLock } from "../store/home-lock.js";
import { homePaths } from "../store/home-paths.js";
import { withLiveLock } from "../store/live-lock.js";
import type { Context } from "./context.js";
import { livePlace, serviceInTheWay } from "./live-place.js";
import { askService } from "./service-client.js";

/**
 * Scores from the live store, which knows the lake and what came after it: at the service that has it open, or in the store itself. Null
 * for a home that never served, and where there is nothing to score with. Throws `USER_UNKNOWN`.
 *
 * @param users null: everybody at risk
 */
export async function liveScores(users: readonly string[] | null, context: Context): Promise<ScoresDocument | null> {
  const { home, world, config } = context;
  const service = serviceInTheWay(context);
  if (service !== null) {
    return askService(service, { method: "POST", path: "/scores", body: users === null ? {} : { users } });
  }
  const place = livePlace(home, config);
  const { riskLevels } = settingsOf(config);
  if ("home" in place && !existsSync(homePaths(home).live)) return null;
  return withLiveLock(place, "predict", async () => {
    const live = await waitForHomeLock(home, "predict", () => LiveService.open(home, { ...place, riskLevels }, world));
    try {
      return await (users === null ? live.scores.all() : live.scores.of(users));
    } finally {
      await live.close();
    }
  });
}
