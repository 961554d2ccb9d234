import { RefrainError } from "../../base/errors.js";
import { seededRng } from "../../base/rng.js";
import { addDays, type Instant, isoOf, MS_PER_DAY } from "../../base/time.js";
import type { World } from "../../base/world.js";
import {
  alarmedNames,
  drawnSizes,
  driftOfWindow,
  separateWindows,
  type WatchedRows,
  type WindowThresholds,
  windowThresholds,
} from "../../monitor/drift/live-window.js";
import { RANK_ERROR } from "../../monitor/drift/quantile-sketch.js";
import { alphaOf, EFFECT_FLOOR, ROWS_MIN } from "../../monitor/drift/verdict.js";
import { loadModel } from "../../registry/local.js";
import { type ReferenceSnapshots, readReference } from "../../registry/reference-file.js";
import type { Settings } from "../../schema/config.js";
import type { DriftCheckDocument, DriftDocument } from "../../schema/drift-document.js";
import type { LiveDb } from "../../store/live/live-db.js";
import { referenceRule } from "../drift/reference-rule.js";
import { insertCheck, readCheck } from "./drift-table.js";
import { type CutoffRange, readObservedDays } from "./observed-table.js";
import { watchedColumns } from "./watched-columns.js";
import { windowSamples } from "./window-samples.js";

const RESAMPLES = 4_000;

export interface DriftCheckOptions extends Pick<Settings, "alarmBudget" | "driftWindowDays"> {
  /** The window ends before this moment. */
  readonly at: Instant;
  /** A window of more rows is not held at once, but sketched a day at a time. */
  readonly heldRows?: number;
}

/**
 * Compares the users observed in the last days with those that the champion learned from, and stores what was found, once for a model
 * and last observed day: asked again it answers the same. Users to whom an offer was made are left out, for it changes what they do.
 * Fails with NO_MODEL, REFERENCE_ABSENT, NOTHING_OBSERVED.
 */
export async function checkDrift(
  db: LiveDb,
  home: string,
  { at, driftWindowDays: days, alarmBudget, heldRows }: DriftCheckOptions,
  world: World,
): Promise<DriftCheckDocument> {
  const { model } = loadModel(home);
  const range = { fromMs: addDays(at, -days), toMs: at };
  const modelVersion = model.version;
  const observedDays = await readObservedDays(db, range);
  const cutoffMs = observedDays.at(-1)?.cutoffMs;
  if (cutoffMs === undefined) throw nothingObserved(range);
  const known = await readCheck(db, { cutoffMs, modelVersion });
  if (known !== null) return known;
  const reference = readReference(home, modelVersion);
  const rng = seededRng(world.seed).fork(`drift/${cutoffMs}`);
  const samples = await windowSamples(
    db,
    { ...range, modelVersion, ...(heldRows === undefined ? {} : { heldRows }) },
    rng,
  );
  if (samples.users === 0) throw nothingObserved(range);
  const { columns, leftOut } = watchedColumns(model, reference, samples);
  const watched: WatchedRows = { columns, times: reference, users: samples.users };
  // Fewer days than a window are held against windows as short: they differ more.
  const observedFor = 1 + Math.round((cutoffMs - (observedDays[0]?.cutoffMs ?? cutoffMs)) / MS_PER_DAY);
  const lengthMs = Math.min(days, observedFor) * MS_PER_DAY;
  const thresholds = thresholdsFor(modelVersion, watched, { lengthMs, seed: world.seed });
  const found = driftOfWindow(watched, thresholds, alarmBudget, rng);
  const ofReference = separateWindows(reference, lengthMs);
  const document = {
    drifted: found.drifted,
    rule: "budget" as const,
    alarmBudget,
    alarm: {
      alpha: alphaOf(alarmBudget),
      p: found.p,
      resamples: RESAMPLES,
      drawnFrom: "users and windows of the reference" as const,
      floor: { ...EFFECT_FLOOR },
    },
    rows: found.rows,
    features: found.features,
    leftOut,
    notes: notesOf(found.rows, samples.isSketched, {
      observedFor,
      days,
      ofReference,
      users: new Set(reference.user).size,
    }),
    referenceRule: referenceRuleOf(found, watched, rng),
    from: isoOf(range.fromMs),
    to: isoOf(cutoffMs),
    modelVersion,
    windows: { days, ofReference },
  };
  const features = alarmedNames(found.features);
  return insertCheck(db, { cutoffMs, modelVersion, features, madeAtMs: world.now(), document });
}

function nothingObserved({ fromMs, toMs }: CutoffRange): RefrainError {
  return new RefrainError("NOTHING_OBSERVED", { from: isoOf(fromMs), to: isoOf(toMs) });
}

/** What was worked out last, by what it is of: the same each day while the same model serves about as many users. */
const worked = new Map<string, WindowThresholds>();
const WORKED_MAX = 4;

function thresholdsFor(
  version: string,
  watched: WatchedRows,
  { lengthMs, seed }: { readonly lengthMs: number; readonly seed: number },
): WindowThresholds {
  const sizes = drawnSizes(watched);
  const names = watched.columns.map(({ name }) => name);
  const key = JSON.stringify([version, sizes, lengthMs, seed, names]);
  const known = worked.get(key);
  if (known !== undefined) return known;
  const made = windowThresholds(watched, { ...sizes, lengthMs, resamples: RESAMPLES }, seededRng(seed).fork(key));
  for (const oldest of [...worked.keys()].slice(0, Math.max(0, worked.size + 1 - WORKED_MAX))) worked.delete(oldest);
  worked.set(key, made);
  return made;
}

/** The reference system's rule on the same rows, of which a user has one. */
function referenceRuleOf(
  { features }: Pick<DriftDocument, "features">,
  { columns, times }: WatchedRows,
  rng: ReturnType<typeof seededRng>,
): DriftDocument["referenceRule"] {
  const rows = oneRowEach(times.user);
  const empty = new Float64Array();
  const halved = columns.map(({ name, shownOnly, weight, reference }) => {
    const own = Float64Array.from(rows, (row) => reference[row] ?? Number.NaN);
    return { name, shownOnly, weight, levels: null, reference: own, current: empty };
  });
  return referenceRule(features, halved, rng.fork("halves"));
}

/** The last row of each user. */
function oneRowEach(user: ReferenceSnapshots["user"]): number[] {
  return Array.from(user.keys()).filter((row) => user[row] !== user[row + 1]);
}

function notesOf(
  rows: DriftDocument["rows"],
  isSketched: boolean,
  {
    observedFor,
    days,
    ofReference,
    users,
  }: { readonly observedFor: number; readonly days: number; readonly ofReference: number; readonly users: number },
): string[] {
  return [
    isSketched &&
      `The window is too large to be held: its distributions are sketched, their ranks within ${(100 * RANK_ERROR).toFixed(1)}%.`,
    observedFor < days && `Of the window's ${days} days ${observedFor} were observed so far.`,
    ofReference < 2 &&
      `What the model learned from spans less than two windows of ${days} days: how weeks usually differ is not known, and false alarms can be more than the budget.`,
    Math.min(rows.current, users) < ROWS_MIN && `Fewer than ${ROWS_MIN} users are too few to tell: no alarm.`,
  ].filter((note) => note !== false);
}
