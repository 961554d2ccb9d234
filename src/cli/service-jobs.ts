import type { World } from "../base/world.js";
import { type NightlyOptions, nightlyFolder } from "../pipeline/live/nightly-scores.js";
import type { LiveService } from "../pipeline/live/service.js";
import type { Settings } from "../schema/config.js";
import type { JobQueue } from "../store/live/job-queue.js";

/** Cron, UTC. What wakes asks whether anything is due. */
const DAILY = "41 2 * * *";
const HOURLY = "17 * * * *";
const EVERY_TEN_MINUTES = "*/10 * * * *";

interface JobsOptions {
  readonly home: string;
  readonly settings: Settings;
  /** Who is told of a night's scores. */
  readonly send: NightlyOptions["send"];
}

/** Begins what a service does by the clock; of several on one database one does it. Throws `STORE_UNAVAILABLE`. */
export async function serviceJobs(
  service: LiveService,
  { home, settings, send }: JobsOptions,
  { log }: Pick<World, "log">,
): Promise<JobQueue> {
  const jobs = await service.jobs();
  await jobs.schedule("compaction", HOURLY, async () => {
    const { rows } = await service.compact();
    if (rows > 0) log.info(`${rows} live events of closed days came into the lake`);
  });
  const { scoresHour: hour, scoresKeptDays: keptDays, predictionsKeptDays } = settings;
  await jobs.schedule("forgetting-predictions", DAILY, () => service.forgetPredictions(predictionsKeptDays));
  await jobs.schedule("nightly-scores", EVERY_TEN_MINUTES, async () => {
    const day = await service.scores.nightly({ home, hour, keptDays, send });
    if (day !== null) log.info(`The scores of ${day} are in ${nightlyFolder(home)}`);
  });
  return jobs;
}
