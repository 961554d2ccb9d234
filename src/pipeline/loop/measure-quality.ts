import { firstAbove } from "../../base/math/sorting.js";
import { seededRng } from "../../base/rng.js";
import { MS_PER_DAY } from "../../base/time.js";
import type { World } from "../../base/world.js";
import { conceptChange } from "../../monitor/concept/change.js";
import { liveQuality } from "../../monitor/concept/live-quality.js";
import { takeMatured } from "../../monitor/concept/matured-rows.js";
import { observedOverExpected } from "../../monitor/concept/observed-over-expected.js";
import { type DayWindow, pooledFrom, windowOf } from "../../monitor/concept/windows.js";
import { believed } from "../../monitor/estimate/calibration-belief.js";
import { maturedCalibration } from "../../monitor/estimate/calibration-line.js";
import { expectedQuality } from "../../monitor/estimate/expected-quality.js";
import type { ModelFile } from "../../registry/model-file.js";
import type { ConceptFigures, WindowFigures } from "../../schema/loop-documents.js";
import type { LiveDb } from "../../store/live/live-db.js";
import { closedData } from "./closed-days.js";
import { putFigures, readFigures } from "./figures-table.js";
import { outcomesSoFar } from "./mature.js";
import { maturedOf, maturedQuality, pooledQuality } from "./matured-quality.js";
import { type ObservedDay, readObservedDays, readScored, type ScoredRows } from "./observed-table.js";
import { priorOfModel } from "./prior-of-model.js";
import { scoringModels } from "./scoring-models.js";
import { userRank } from "./user-rank.js";

export interface QualityOptions {
  readonly qualityWindowDays: number;
}

/** Users who churned, among the latest matured rows, by whom calibration is judged. */
const RECENT_POSITIVES = 60;
/** How far back the loss is watched. */
const WATCHED_DAYS = 120;

interface Place {
  readonly db: LiveDb;
  readonly home: string;
}

/**
 * Measures the champion and every challenger by window: what matured rows say, and what is expected of windows that are not ripe.
 * A window whose outcomes are all known is measured once. Estimates stay as they were when the last day of their window was observed,
 * to stand beside the truth. Returns how many windows were measured.
 */
export async function measureQuality(place: Place, options: QualityOptions, world: World): Promise<number> {
  const { db, home } = place;
  const closed = await closedData(place, world);
  const { all } = scoringModels(home, world);
  if (closed === null || all.length === 0) return 0;
  const days = await readObservedDays(db);
  const last = days.at(-1)?.cutoffMs;
  if (last === undefined) return 0;
  let measured = 0;
  for (const model of all) {
    const modelVersion = model.version;
    // Whole windows: one that is cut off would be pooled as if it were not.
    const { fromMs } = windowOf(last - WATCHED_DAYS * MS_PER_DAY, options.qualityWindowDays);
    const scored = await readScored(db, { modelVersion, fromMs, toMs: Number.MAX_SAFE_INTEGER });
    if (scored.users.length === 0) continue;
    const context = { place, model, scored, days, options, closedMs: closed.before };
    const asked = { modelVersion, throughMs: closed.before, windowDays: options.qualityWindowDays };
    const isAll = (days[0]?.cutoffMs ?? last) >= fromMs;
    const pooled = pooledQuality(maturedOf(scored, false), { ...asked, isAll }) ?? (await maturedQuality(db, asked));
    const concept = { ...conceptOf(context, world), pooled };
    await putFigures(db, { kind: "concept", name: model.version, atMs: closed.before, document: concept }, world.now());
    for (const window of windowsOf(scored, options.qualityWindowDays)) {
      if (await measureWindow(window, { ...context, concept }, world)) measured++;
    }
  }
  return measured;
}

interface Context {
  readonly place: Place;
  readonly model: ModelFile;
  readonly scored: ScoredRows;
  readonly days: readonly (ObservedDay & { readonly isMatured: boolean })[];
  readonly options: QualityOptions;
  readonly closedMs: number;
}

function conceptOf({ model, scored, options }: Context, world: World): Omit<ConceptFigures, "pooled"> {
  const rows = maturedOf(scored, false);
  const since = pooledFrom(rows, { windowDays: options.qualityWindowDays, positives: RECENT_POSITIVES });
  const recent = takeMatured(rows, (row) => (rows.cutoffMs[row] ?? 0) >= since);
  const apartDays = Math.ceil((model.label.gapDays ?? 1) + (model.label.horizonDays ?? 10));
  return {
    calibration: recent.y.includes(1) ? maturedCalibration(recent) : null,
    observedOverExpected: observedOverExpected(recent),
    change: conceptChange(rows, { apartDays, rankOf: (user) => userRank(user, world.seed) }),
  };
}

function windowsOf({ cutoffMs }: ScoredRows, windowDays: number): DayWindow[] {
  const found = new Map<number, DayWindow>();
  for (const at of cutoffMs) {
    const window = windowOf(at, windowDays);
    found.set(window.fromMs, window);
  }
  return [...found.values()].sort((a, b) => a.fromMs - b.fromMs);
}

/** Returns whether anything of the window was new. */
async function measureWindow(
  window: DayWindow,
  context: Context & { readonly concept: ConceptFigures },
  world: World,
): Promise<boolean> {
  const { db } = context.place;
  const own = rowsWithin(context.scored, window);
  const scoredDays = new Set(own.cutoffMs);
  const ofModel = context.days.filter(({ cutoffMs }) => scoredDays.has(cutoffMs));
  const maturedDays = ofModel.filter(({ isMatured }) => isMatured).length;
  const range = { name: context.model.version, fromMs: window.fromMs, toMs: window.fromMs + 1 };
  const [before] = await readFigures<WindowFigures>(db, { kind: "live-quality", ...range });
  const known = before?.document;
  if (known !== undefined && known.days === ofModel.length && known.maturedDays === maturedDays) return false;
  const rng = seededRng(context.model.version).fork(window.fromMs);
  const treated = maturedOf(own, true);
  const isNewDay = known === undefined || known.days < ofModel.length;
  const estimate = isNewDay ? await estimateOf(own, context, world) : known.estimate;
  const document: WindowFigures = {
    ...window,
    days: ofModel.length,
    maturedDays,
    live: maturedDays === 0 ? null : liveQuality(maturedOf(own, false), rng.fork("live")),
    treated: treated.y.length === 0 ? null : liveQuality(treated, rng.fork("treated")),
    estimate,
  };
  await putFigures(
    db,
    { kind: "live-quality", name: context.model.version, atMs: window.fromMs, document },
    world.now(),
  );
  return true;
}

/** The rows lie by cutoff. */
function rowsWithin(scored: ScoredRows, { fromMs, toMs }: DayWindow): ScoredRows {
  const [from, to] = [firstAbove(scored.cutoffMs, fromMs - 1), firstAbove(scored.cutoffMs, toMs - 1)];
  return {
    users: scored.users.slice(from, to),
    cutoffMs: scored.cutoffMs.subarray(from, to),
    p: scored.p.subarray(from, to),
    flagged: scored.flagged.subarray(from, to),
    level: scored.level.subarray(from, to),
    treated: scored.treated.subarray(from, to),
    outcome: scored.outcome.subarray(from, to),
  };
}

/** Null where all is known already, or where nothing can be said before the end of the horizon. */
async function estimateOf(
  own: ScoredRows,
  { place, model, concept, closedMs }: Context & { readonly concept: ConceptFigures },
  world: World,
): Promise<WindowFigures["estimate"]> {
  const untreated = Array.from(own.users.keys()).filter((row) => own.treated[row] === 0);
  if (!untreated.some((row) => own.outcome[row] === -2)) return null;
  const known = await outcomesSoFar(place, own, { label: model.label, closedMs }, world);
  const rows = {
    users: untreated.map((row) => own.users[row] ?? ""),
    cutoffMs: Float64Array.from(untreated, (row) => own.cutoffMs[row] ?? 0),
    p: Float64Array.from(untreated, (row) => own.p[row] ?? 0),
    flagged: Uint8Array.from(untreated, (row) => own.flagged[row] ?? 0),
    outcome: Int8Array.from(untreated, (row) => known.outcome[row] ?? -2),
  };
  const shape = {
    gapMs: (model.label.gapDays ?? 1) * MS_PER_DAY,
    horizonMs: (model.label.horizonDays ?? 10) * MS_PER_DAY,
    knownToMs: known.knownToMs,
    belief: believed(priorOfModel(model), concept.calibration),
  };
  const rng = seededRng(model.version).fork("estimate").fork(closedMs);
  return { madeForMs: closedMs, ...expectedQuality(rows, shape, rng) };
}
