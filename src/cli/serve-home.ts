import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { RefrainError } from "../base/errors.js";
import type { LiveService } from "../pipeline/live/service.js";
import { LoopFigures } from "../pipeline/loop/loop-figures.js";
import type { MlflowPlace } from "../registry/mlflow/place.js";
import { type Settings, settingsOf } from "../schema/config.js";
import type { Role } from "../schema/roles.js";
import { buildApp } from "../server/app.js";
import type { Guard } from "../server/guard.js";
import type { HostRule } from "../server/host-rule.js";
import { type Address, listen } from "../server/listen.js";
import { Metrics } from "../server/metrics.js";
import { openServiceLog } from "../server/service-log.js";
import { stop } from "../server/stop.js";
import type { JobQueue } from "../store/live/job-queue.js";
import type { StoreObserver } from "../store/live/timed-db.js";
import { announceService } from "../store/live-lock.js";
import { alertSinks } from "./alert-webhook.js";
import { type Context, wholeNumber } from "./context.js";
import { allowForStopping } from "./interrupts.js";
import { keepScores } from "./keep-scores.js";
import { retrainerOf } from "./retrainer-of.js";
import { serviceJobs } from "./service-jobs.js";
import { type Served, servingOf } from "./serving-state.js";
import { untilAborted } from "./until-aborted.js";
import { Upkeep } from "./upkeep.js";
import { webhookOf } from "./webhook.js";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** How soon a champion that somebody else promoted is served. */
const FOLLOW_MS = 2_000;
/** How soon what another command ingested is known. */
const FOLLOW_LAKE_MS = 5_000;
const PORT_MAX = 65_535;
const TOKEN_BYTES = 32;

/** Fails with VALUE_BAD. */
export function portOf(flag: string | undefined, otherwise: number): number {
  const port = wholeNumber("--port", flag, otherwise);
  if (port <= PORT_MAX) return port;
  throw new RefrainError("VALUE_BAD", { name: "--port", value: port, advice: `Give a port up to ${PORT_MAX}.` });
}

export interface ServeOptions extends Address {
  readonly home: string;
  /** Whether the live store lies in the home: other commands then find the service by its lock. */
  readonly isAnnounced: boolean;
  readonly hostRule: HostRule;
  /** What may be asked without a key. */
  readonly keyless: Role | null;
  /** Who is told of models; null for nobody. */
  readonly mlflow: MlflowPlace | null;
  /** Unless somebody says otherwise. */
  readonly logLevel: Settings["logLevel"];
  /** Opens what is served; until it resolves every route but `/health/live` answers 503. */
  open(observe: StoreObserver): Promise<LiveService>;
  /** Told once everything is there. */
  ready(address: string, service: LiveService): void | Promise<void>;
  /** Waits for what `ready` began, before the service is closed. */
  stopping?(): Promise<void>;
}

/**
 * Serves until somebody stops it. The port is taken first: a service that cannot be reached should not cost a minute to find
 * out, and who watches it sees that it lives.
 */
export async function serveHome({ world, config }: Context, options: ServeOptions): Promise<void> {
  const { home } = options;
  const served: Writable<Served> = { current: null, retrainings: null, loop: null, home };
  const settings = settingsOf({ logLevel: options.logLevel, ...config });
  const { hostRule, keyless } = options;
  const localToken = randomBytes(TOKEN_BYTES).toString("hex");
  const guard: Guard = {
    keyless,
    localToken,
    get access() {
      return served.current?.access ?? null;
    },
  };
  const metrics = new Metrics();
  const { logger, close: closeLog } = openServiceLog(settings, join(home, "log", "serve.jsonl"));
  const app = buildApp({ serving: servingOf(served), world, hostRule, guard, settings, metrics, logger });
  const upkeep = new Upkeep(world.log);
  const send = webhookOf(process.env);
  let jobs: JobQueue | null = null;
  try {
    const address = await listen(app, options);
    const service = await options.open(metrics.observeStore);
    served.loop = new LoopFigures({ db: service.db, home }, world);
    served.retrainings = retrainerOf({ home, db: service.db, config }, world);
    served.current = service;
    keepUp(upkeep, service);
    const { retrainings } = served;
    const loop = { arpu: config.arpu ?? null, sinks: alertSinks(process.env, world) };
    jobs = await serviceJobs(service, { home, settings, send, ...loop, retrainings, mlflow: options.mlflow }, world);
    if (options.isAnnounced) announceService(home, { address: reachable(address), token: localToken });
    await options.ready(address, service);
    await untilAborted(world.signal as AbortSignal);
    allowForStopping(settings.shutdownTimeoutMs);
  } finally {
    if (!(await stop(app, settings.shutdownTimeoutMs))) world.log.warn("some requests took too long to be answered");
    await options.stopping?.();
    await upkeep.stop();
    await jobs?.close();
    await served.retrainings?.close();
    await served.current?.close();
    closeLog();
  }
}

/** What is not asked for but has to be done: other models are taken up, and scores follow the events. */
function keepUp(upkeep: Upkeep, service: LiveService): void {
  upkeep.every(FOLLOW_MS, "following the model", () => service.follow());
  upkeep.every(FOLLOW_LAKE_MS, "taking what was added to the lake", () => service.followLake());
  keepScores(upkeep, service);
}

/** From this machine: who listens on every address is there on its own too. */
function reachable(address: string): string {
  return address.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:");
}
