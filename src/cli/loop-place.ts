import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { RefrainError } from "../base/errors.js";
import { closeDays } from "../pipeline/loop/daily.js";
import { LoopFigures } from "../pipeline/loop/loop-figures.js";
import { settingsOf } from "../schema/config.js";
import { homePaths } from "../store/home-paths.js";
import { lakeVolumes } from "../store/lake.js";
import type { Context } from "./context.js";
import { livePlace, serviceInTheWay, withLive } from "./live-place.js";
import { askService } from "./service-client.js";

interface Asked {
  readonly method?: "GET" | "POST";
  readonly path: string;
  readonly command: string;
  /** Whether closed days are brought up to date first; a running service does that by itself. */
  readonly isFresh?: boolean;
}

/**
 * What the loop has found: told by the service that has the live store open, or read in the store itself, where what is to be done for
 * closed days is done first. Throws `NO_DATA`.
 */
export async function askLoop<T>(
  context: Context,
  { method = "GET", path, command, isFresh = true }: Asked,
  here: (loop: LoopFigures) => Promise<T>,
): Promise<T> {
  const service = serviceInTheWay(context);
  if (service !== null) return askService<T>(service, { method, path });
  const { home, world, config } = context;
  const isEmpty = lakeVolumes(home).lastTs === null && !existsSync(homePaths(home).live);
  if (isEmpty && "home" in livePlace(home, config)) throw new RefrainError("NO_DATA", { home });
  return withLive(context, command, async (db) => {
    if (isFresh) {
      const holder = `${hostname()} ${process.pid} ${randomUUID()}`;
      await closeDays({ db, home, holder }, { settings: settingsOf(config), arpu: config.arpu ?? null }, world);
    }
    return here(new LoopFigures({ db, home }, world));
  });
}
