import { RefrainError } from "../../base/errors.js";
import { isoOf, MS_PER_HOUR } from "../../base/time.js";
import type { World } from "../../base/world.js";
import { evaluateRules } from "../../monitor/alerts/evaluate-rules.js";
import { type Settings, settingsOf } from "../../schema/config.js";
import { withLease } from "../../store/live/lease.js";
import type { LiveDb } from "../../store/live/live-db.js";
import { compact } from "../compact.js";
import { alertRules } from "./alert-rules.js";
import { settleAlerts } from "./alert-table.js";
import { closedData } from "./closed-days.js";
import { measureData } from "./data-quality.js";
import { checkDrift } from "./drift-check.js";
import { putFigures, readFigures } from "./figures-table.js";
import { forgetObserved } from "./forget.js";
import { dueDate } from "./loop-hour.js";
import { loopSignals } from "./loop-signals.js";
import { matureDays } from "./mature.js";
import { measureKpis } from "./measure-kpis.js";
import { measureQuality } from "./measure-quality.js";
import { observeDays } from "./observe.js";

/** Something to be done for each closed day. */
export interface DailyStep {
  readonly name: string;
  run(): Promise<unknown>;
}

export type LoopSettings = Pick<
  Settings,
  | "loopZone"
  | "loopHour"
  | "observedUsers"
  | "observedKeptDays"
  | "observeCatchUpDays"
  | "qualityWindowDays"
  | "alarmBudget"
  | "driftWindowDays"
>;

export interface DailyPlace {
  readonly db: LiveDb;
  readonly home: string;
  /** Unlike that of any other process on the database. */
  readonly holder: string;
  /** Brings closed days into the lake; as a service does it, where one runs. */
  compact?(): Promise<unknown>;
  /** What else has to be done with observed days, before alerts are looked at. */
  readonly steps?: readonly DailyStep[];
}

export interface DailyOptions {
  readonly settings?: LoopSettings;
  readonly arpu?: number | null;
  /** Who is told of alerts, by name. */
  readonly sinks?: readonly string[];
}

export interface DailySummary {
  /** Null where another process is at it. */
  readonly failed: readonly { readonly step: string; readonly reason: string }[] | null;
  readonly observedDays: number;
  readonly skippedDays: number;
  readonly openedAlerts: number;
}

const RUN = { kind: "loop", name: "daily" } as const;
const ATTEMPTS_MAX = 5;
const RETRY_MS = MS_PER_HOUR;

interface RunRecord {
  readonly attempts: number;
  readonly lastMs: number;
  readonly failed: DailySummary["failed"];
}

/** Whether the day's run is due: once a day from an hour on, and some times more where a step of it failed. */
export async function isDailyDue(db: LiveDb, settings: LoopSettings, world: Pick<World, "now">): Promise<boolean> {
  const now = world.now();
  const atMs = dueDate(now, settings);
  const [run] = await readFigures<RunRecord>(db, { ...RUN, fromMs: atMs, toMs: atMs + 1 });
  if (run === undefined) return true;
  const { failed, attempts, lastMs } = run.document;
  return failed !== null && failed.length > 0 && attempts < ATTEMPTS_MAX && now - lastMs >= RETRY_MS;
}

/**
 * Does for every closed day what the loop has to do with it: brings it into the lake, observes it, looks what became of earlier ones,
 * measures data, quality and KPIs, and settles alerts. One process at a time; a step that fails is said, opens an alert, and does not
 * keep the others from being done. Whatever is done is not done again, and what was broken off goes on.
 */
export async function closeDays(place: DailyPlace, options: DailyOptions, world: World): Promise<DailySummary> {
  const { db, holder } = place;
  const done = await withLease(db, { name: "daily", holder }, world, () => allSteps(place, options, world));
  return done?.value ?? { failed: null, observedDays: 0, skippedDays: 0, openedAlerts: 0 };
}

async function allSteps(place: DailyPlace, options: DailyOptions, world: World): Promise<DailySummary> {
  const { db, home } = place;
  const settings = options.settings ?? settingsOf();
  const found = { observedDays: 0, skippedDays: 0, openedAlerts: 0 };
  const failed: { step: string; reason: string }[] = [];
  const steps: DailyStep[] = [
    { name: "compact", run: place.compact ?? (() => compact(home, db, {}, world)) },
    {
      name: "observe",
      run: async () => {
        const { observed, skippedDays } = await observeDays(place, settings, world);
        Object.assign(found, { observedDays: observed.length, skippedDays });
      },
    },
    { name: "mature", run: () => matureDays(place, world) },
    { name: "data-quality", run: () => measureData(place, world) },
    { name: "live-quality", run: () => measureQuality(place, settings, world) },
    { name: "kpis", run: () => measureKpis(place, { arpu: options.arpu ?? null }, world) },
    { name: "drift", run: () => driftOf(place, settings, world) },
    ...(place.steps ?? []),
    { name: "forget", run: () => forgetObserved(db, settings.observedKeptDays) },
  ];
  for (const step of steps) await attempt(step, failed, world);
  const alerts = async () => {
    const rules = alertRules(home);
    const findings = evaluateRules(rules, await loopSignals(place, { failed, skippedDays: found.skippedDays }, world));
    const { opened } = await settleAlerts(db, findings, { rules, sinks: options.sinks ?? [], now: world.now() });
    found.openedAlerts = opened;
  };
  await attempt({ name: "alerts", run: alerts }, failed, world);
  await record(db, settings, failed, world);
  return { failed, ...found };
}

/** Nothing where there is nothing to compare, or nothing to compare it with. */
async function driftOf(place: DailyPlace, settings: LoopSettings, world: World): Promise<void> {
  const closed = await closedData(place, world);
  if (closed === null) return;
  try {
    await checkDrift(place.db, place.home, { ...settings, at: closed.before }, world);
  } catch (error) {
    if (!(error instanceof RefrainError && NOTHING_TO_COMPARE.has(error.code))) throw error;
  }
}

const NOTHING_TO_COMPARE: ReadonlySet<string> = new Set(["NO_MODEL", "REFERENCE_ABSENT", "NOTHING_OBSERVED"]);

async function attempt(step: DailyStep, failed: { step: string; reason: string }[], world: World): Promise<void> {
  if (world.signal.aborted) throw new RefrainError("INTERRUPTED");
  try {
    await step.run();
  } catch (error) {
    if (error instanceof RefrainError && ["INTERRUPTED", "STORE_UNAVAILABLE"].includes(error.code)) throw error;
    // A home in which nothing is has nothing to be done.
    if (error instanceof RefrainError && error.code === "NO_DATA") return;
    const reason = error instanceof Error ? error.message : String(error);
    world.log.warn(`The step ${step.name} of the loop failed: ${reason}`);
    failed.push({ step: step.name, reason });
  }
}

async function record(db: LiveDb, settings: LoopSettings, failed: RunRecord["failed"], world: World): Promise<void> {
  const now = world.now();
  const atMs = dueDate(now, settings);
  const [before] = await readFigures<RunRecord>(db, { ...RUN, fromMs: atMs, toMs: atMs + 1 });
  const document: RunRecord = { attempts: (before?.document.attempts ?? 0) + 1, lastMs: now, failed };
  await putFigures(db, { ...RUN, atMs, document }, now);
  world.log.debug(`The loop has closed the days before ${isoOf(now)}`);
}
