import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { RefrainError } from "../base/errors.js";
import type { World } from "../base/world.js";
import { type NightlyOptions, nightlyFolder } from "../pipeline/live/nightly-scores.js";
import type { LiveService } from "../pipeline/live/service.js";
import { type AlertSink, deliverAlerts } from "../pipeline/loop/alert-table.js";
import { closeDays, isDailyDue } from "../pipeline/loop/daily.js";
import { dueDate } from "../pipeline/loop/loop-hour.js";
import type { Retrainer } from "../pipeline/retrain/retrainer.js";
import type { MlflowPlace } from "../registry/mlflow/place.js";
import type { Settings } from "../schema/config.js";
import type { JobQueue } from "../store/live/job-queue.js";
import { mirrorToMlflow } from "./mlflow.js";

/** Cron, UTC. What wakes asks whether anything is due. */
const DAILY = "41 2 * * *";
const HOURLY = "17 * * * *";
const EVERY_MINUTE = "* * * * *";
const EVERY_TEN_MINUTES = "*/10 * * * *";

interface JobsOptions {
  readonly home: string;
  readonly settings: Settings;
  readonly retrainings: Retrainer;
  /** What a paying listener brings in a month; null where nobody said. */
  readonly arpu: number | null;
  /** Who is told of a night's scores. */
  readonly send: NightlyOptions["send"];
  /** Who is told of alerts, by name. */
  readonly sinks: Readonly<Record<string, AlertSink>>;
  /** Null where MLflow is told nothing. */
  readonly mlflow: MlflowPlace | null;
}

/** Begins what a service does by the clock; of several on one database one does it. Throws `STORE_UNAVAILABLE`. */
export async function serviceJobs(service: LiveService, options: JobsOptions, world: World): Promise<JobQueue> {
  const { home, settings, send, retrainings, mlflow } = options;
  const { log } = world;
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
  const holder = `${hostname()} ${process.pid} ${randomUUID()}`;
  await jobs.schedule("closing-days", EVERY_TEN_MINUTES, () => closeDaysIfDue(service, { ...options, holder }, world));
  await jobs.schedule("telling-alerts", EVERY_MINUTE, async () => {
    await deliverAlerts(service.db, options.sinks, { now: world.now(), log });
  });
  await jobs.schedule("retraining", EVERY_TEN_MINUTES, () => retrainIfDue(retrainings, service, settings, world));
  if (mlflow !== null) await jobs.schedule("mlflow", EVERY_MINUTE, () => mirrorToMlflow(home, mlflow, world));
  return jobs;
}

async function closeDaysIfDue(
  service: LiveService,
  { home, settings, arpu, sinks, holder }: JobsOptions & { readonly holder: string },
  world: World,
): Promise<void> {
  if (!(await isDailyDue(service.db, settings, world))) return;
  const place = { db: service.db, home, holder, compact: () => service.compact() };
  const { observedDays } = await closeDays(place, { settings, arpu, sinks: Object.keys(sinks) }, world);
  await deliverAlerts(service.db, sinks, { now: world.now(), log: world.log });
  if (observedDays > 0) world.log.info(`${observedDays} closed days were observed and measured`);
}

/**
 * Once a day, when its days have been closed; what was broken off is due again. Where there is nothing to retrain yet, or another
 * process is at it, there is nothing to do.
 */
async function retrainIfDue(
  retrainings: Retrainer,
  service: LiveService,
  settings: Settings,
  world: World,
): Promise<void> {
  const isFirst = await retrainings.isFirstOfDay(dueDate(world.now(), settings));
  if (!isFirst || (await isDailyDue(service.db, settings, world))) return;
  try {
    const { promoted } = await retrainings.run({ ifDue: true, dryRun: false, askedBy: "schedule" });
    if (promoted) await service.follow();
  } catch (error) {
    if (!(error instanceof RefrainError && NOTHING_TO_DO.has(error.code))) throw error;
    if (error.code === "RETRAINING_RUNNING") return;
  }
  await retrainings.noteDay(dueDate(world.now(), settings));
}

const NOTHING_TO_DO: ReadonlySet<string> = new Set(["NO_MODEL", "NO_DATA", "RETRAINING_RUNNING"]);
