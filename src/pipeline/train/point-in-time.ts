import { seededRng } from "../../base/rng.js";
import { isoOf } from "../../base/time.js";
import type { World } from "../../base/world.js";
import { churnedUsers, type Dataset, rowsAt, takeDataset } from "../../evaluate/dataset.js";
import { featureDensities } from "../../evaluate/feature-densities.js";
import { type ForwardRun, runForward } from "../../evaluate/forward.js";
import type { Learner } from "../../evaluate/learner.js";
import { averagePrecision, rocAuc } from "../../evaluate/metrics.js";
import { CHURNED_TO_TUNE, type NestedFit } from "../../evaluate/nested-fit.js";
import { plotData } from "../../evaluate/plot-data.js";
import { runRivals } from "../../evaluate/rivals.js";
import { type ScoreCard, scoreCard } from "../../evaluate/score-card.js";
import { ACCUMULATORS } from "../../features/states.js";
import { type Horizon, settledAt } from "../../labels/label.js";
import { type ModelBody, riskLevelsOf } from "../../registry/model-file.js";
import type { AuditsDocument, CandidateDocument, TrainingDocument } from "../../schema/documents.js";
import type { EventColumns } from "../../schema/event-columns.js";
import { trainingHash } from "../training-hash.js";
import { auditPointInTime } from "./audit-point-in-time.js";
import { forwardLearners, type TrainOptions } from "./options.js";
import { type Prepared, prepare, tooFew } from "./prepare.js";
import { strongestOf } from "./strongest.js";

const DENSITIES_SHOWN = 6;

export interface Trained {
  readonly document: Omit<TrainingDocument, "version" | "seconds">;
  readonly model: ModelBody;
}

/**
 * The honest protocol: snapshots of the risk set at many cutoffs, test blocks that roll forward in time behind an embargo,
 * every decision made inside the training cutoffs. Fails with SPAN_TOO_SHORT or LABELS_TOO_FEW where no honest model can be had.
 */
export async function trainPointInTime(columns: EventColumns, options: TrainOptions, world: World): Promise<Trained> {
  const prepared = await prepare(columns, options, world);
  const { data, tests, shape } = prepared;
  const { found, best } = runCandidates(prepared, options, world);
  const rivals = runRivals(data, { splits: tests, shape }, world);
  const gate = gateCard(prepared, best.learner, options, world);
  const audits = await auditPointInTime(prepared, { ...best, search: options.search }, world);
  const strongest = strongestOf(best.final.fitted.state, data.features);
  const model: ModelBody = {
    ...modelOf(prepared, best.learner, best.final, world),
    ...best.card,
    gate: gate?.metrics ?? null,
    audits,
  };
  return {
    model,
    document: {
      ...summaryOf(prepared, best.run),
      candidates: found.map(({ learner, final, card: { metrics, intervals } }) =>
        candidate(learner, final, { metrics, intervals }),
      ),
      rivals: Object.fromEntries(Object.entries(rivals).map(([name, run]) => [name, card(run, shape.horizon, world)])),
      best: { model: best.learner.name, params: best.final.params },
      strongest,
      densities: featureDensities(
        data,
        strongest.map(({ feature }) => feature),
      ).slice(0, DENSITIES_SHOWN),
      gate: gate?.metrics ?? null,
      audits,
    },
  };
}

/** The audits of what `trainPointInTime` would train; fails as it does. */
export async function auditCandidates(
  columns: EventColumns,
  options: TrainOptions,
  world: World,
): Promise<AuditsDocument> {
  const prepared = await prepare(columns, options, world);
  const { best } = runCandidates(prepared, options, world);
  return auditPointInTime(prepared, { ...best, search: options.search }, world);
}

/** Every candidate through the test blocks and on all cutoffs; the best has the highest average precision. */
function runCandidates(prepared: Prepared, { models, search }: TrainOptions, world: World) {
  const { data, tests, shape, cutoffs, procedure } = prepared;
  const found = forwardLearners(models, data.features).map((learner) => {
    world.log.info(`Training ${learner.name} forward through ${tests.length} test blocks`);
    const run = runForward(data, { learner, splits: tests, shape, search, fit: procedure.fit }, world);
    const final = procedure.fit(data, { learner, trainCutoffs: cutoffs, horizon: shape.horizon, search }, world);
    if (run.fits.length === 0 || final === null) throw tooFew(mostToLearnFrom(prepared), prepared.label.name);
    return { learner, run, final, card: card(run, shape.horizon, world) };
  });
  const best = found.reduce((a, b) =>
    (b.card.metrics.averagePrecision ?? 0) > (a.card.metrics.averagePrecision ?? 0) ? b : a,
  );
  return { found, best };
}

/** Churned users among the training rows of the test block that has most of them. */
function mostToLearnFrom({ data, tests }: Prepared): number {
  return Math.max(...tests.map(({ train }) => churnedUsers(takeDataset(data, rowsAt(data, train)))));
}

function card(run: ForwardRun, { horizonDays }: Horizon, world: World): ScoreCard {
  const { rows, p, flagged } = run;
  return scoreCard(
    { y: rows.y, p, flagged, user: rows.user, cutoffMs: rows.cutoffMs, horizonDays },
    seededRng(world.seed).fork("intervals"),
  );
}

/** Metrics on the block kept for the promotion gate, by a model that saw nothing after its embargo. */
function gateCard(
  { data, gate, shape, procedure }: Prepared,
  learner: Learner,
  { search }: TrainOptions,
  world: World,
): ScoreCard | null {
  if (gate === null) return null;
  const run = runForward(data, { learner, splits: [gate], shape, search, fit: procedure.fit }, world);
  return run.fits.length === 0 ? null : card(run, shape.horizon, world);
}

function candidate(learner: Learner, final: NestedFit, { metrics, intervals }: ScoreCard): CandidateDocument {
  return {
    model: learner.name,
    params: final.params,
    metrics,
    intervals,
    threshold: final.threshold.value,
    thresholdWhy: final.threshold.why,
    calibration: final.calibrator.kind,
  };
}

function modelOf(
  { columns, data, cutoffs, shape, label, riskSet }: Prepared,
  learner: Learner,
  final: NestedFit,
  world: World,
): Omit<ModelBody, "metrics" | "intervals" | "gate" | "audits"> {
  const last = cutoffs.at(-1);
  return {
    format: "refrain-model/1",
    protocol: "point-in-time",
    leaky: false,
    riskSet,
    label: { name: label.name, version: label.version, ...shape.horizon, ...label.settings },
    catalogue: {
      name: "point-in-time",
      accumulators: Object.fromEntries(Object.entries(ACCUMULATORS).map(([name, { version }]) => [name, version])),
    },
    features: data.features,
    estimator: learner.name,
    params: final.params,
    state: final.fitted.state,
    calibrator: final.calibrator,
    threshold: final.threshold,
    baseRate: final.baseRate,
    riskLevels: riskLevelsOf(final.baseRate),
    training: {
      rows: data.y.length,
      users: new Set(data.user).size,
      churnedUsers: churnedUsers(data),
      throughMs: last === undefined ? null : settledAt(last, shape.horizon),
      dataSha256: trainingHash(data),
      seed: world.seed,
      simulated: columns.simulated,
    },
  };
}

function summaryOf(prepared: Prepared, run: ForwardRun) {
  const { data, eventMs, cutoffs, tests, label, riskSet, shape } = prepared;
  const positives = run.rows.y.reduce<number>((sum, y) => sum + y, 0);
  const everChurned = eventMs.reduce((count, at) => count + (Number.isNaN(at) ? 0 : 1), 0);
  const churned = churnedUsers(run.rows);
  return {
    protocol: "point-in-time" as const,
    leaky: false,
    label: label.name,
    labelVersion: label.version,
    rules: { ...shape.horizon, ...riskSet, ...label.settings },
    rows: data.y.length,
    users: new Set(data.user).size,
    positives,
    baseRate: positives / run.rows.y.length,
    churnedUsersInTest: churned,
    tooFewToTell: churned < CHURNED_TO_TUNE,
    cutoffs: cutoffs.map(isoOf),
    testBlocks: tests.map(({ train, test }) => ({
      from: isoOf(test[0] ?? Number.NaN),
      to: isoOf(test.at(-1) ?? Number.NaN),
      trainCutoffs: train.length,
    })),
    inGap: data.inGap,
    ...(data.competing === undefined ? {} : { competing: data.competing }),
    catchableShare: everChurned === 0 ? null : caughtUsers(data, eventMs) / everChurned,
    wholeLogShare: everChurned / eventMs.length,
    features: data.features,
    unseenUsers: unseenSlice(run),
    simulated: prepared.columns.simulated,
    plots: plotData({ y: run.rows.y, p: run.p, cutoffMs: run.rows.cutoffMs }),
  };
}

/** Users with a 1 who had the event by all that is known now: what was a silence by its window's end may turn out to be none. */
function caughtUsers({ y, user }: Dataset, eventMs: Float64Array): number {
  return new Set(user.filter((id, row) => y[row] === 1 && !Number.isNaN(eventMs[id] ?? Number.NaN))).size;
}

/** The rows whose user no training row of their block knew. */
function unseenSlice({ rows, p, unseen }: ForwardRun): TrainingDocument["unseenUsers"] {
  const at = Array.from(unseen.keys()).filter((row) => unseen[row] === 1);
  if (at.length === 0) return null;
  const scored = {
    y: Uint8Array.from(at, (row) => rows.y[row] ?? 0),
    p: Float64Array.from(at, (row) => p[row] ?? Number.NaN),
  };
  const orNull = (value: number) => (Number.isFinite(value) ? value : null);
  return { rows: at.length, rocAuc: orNull(rocAuc(scored)), averagePrecision: orNull(averagePrecision(scored)) };
}
