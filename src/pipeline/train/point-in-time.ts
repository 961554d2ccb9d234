import { seededRng } from "../../base/rng.js";
import type { World } from "../../base/world.js";
import { churnedUsers } from "../../evaluate/dataset.js";
import { featureDensities } from "../../evaluate/feature-densities.js";
import { featureRanges } from "../../evaluate/feature-ranges.js";
import { type ForwardRun, runForward } from "../../evaluate/forward.js";
import { forwardLeaderboard } from "../../evaluate/forward-leaderboard.js";
import { predictNested } from "../../evaluate/nested-fit.js";
import { runRivals } from "../../evaluate/rivals.js";
import { ACCUMULATORS } from "../../features/states.js";
import { settledAt } from "../../labels/label.js";
import { evidenceOf } from "../../registry/evidence.js";
import { type ModelBody, riskLevelsOf } from "../../registry/model-file.js";
import type { ReferenceSnapshots } from "../../registry/reference-file.js";
import type { AuditsDocument, CandidateDocument, TrainingDocument } from "../../schema/documents.js";
import type { EventColumns } from "../../schema/event-columns.js";
import { trainingHash } from "../training-hash.js";
import { auditPointInTime } from "./audit-point-in-time.js";
import { cardOf, type ForwardCandidate, runForwardCandidates } from "./forward-candidates.js";
import { summaryOf } from "./forward-summary.js";
import type { AuditedTraining } from "./future-shuffle.js";
import type { TrainOptions } from "./options.js";
import { type Prepared, prepare, seenBy } from "./prepare.js";
import { referenceSnapshots } from "./reference-snapshots.js";
import { strongestOf } from "./strongest.js";
import { survivalView } from "./survival-view.js";

const DENSITIES_SHOWN = 6;

export interface Trained {
  readonly document: Omit<TrainingDocument, "version" | "seconds">;
  readonly model: ModelBody;
  /** What later users are compared with; absent where rows are not snapshots. */
  readonly reference?: ReferenceSnapshots;
}

/**
 * The honest protocol: snapshots of the risk set at many cutoffs, test blocks that roll forward in time behind an embargo,
 * every decision made inside the training cutoffs. Fails with SPAN_TOO_SHORT or LABELS_TOO_FEW where no honest model can be had.
 */
export async function trainPointInTime(columns: EventColumns, options: TrainOptions, world: World): Promise<Trained> {
  const prepared = await prepare(columns, options, world);
  const { tests, shape } = prepared;
  const { found, choice } = await runForwardCandidates(prepared, options, world);
  const { best } = choice;
  const seen = seenBy(prepared, best.learner.name);
  const { data } = seen;
  const rivals = runRivals(prepared.data, { splits: tests, shape }, world);
  const gateRun = runGate(seen, best, options, world);
  const gate = gateRun === null ? null : cardOf(gateRun, shape.horizon, world);
  const audits = await auditPointInTime(seen, auditedOf(best, options), world);
  const { strongest, importance } = strongestOf({ ...data, state: best.final.fitted.state }, world);
  const survival = survivalView(prepared, world);
  const chosen = found.length === 1 ? best.card : cardOf(choice.run, shape.horizon, world);
  const candidates = found.map((each) => candidate(each, options, world));
  const summary = {
    ...summaryOf(seen, choice.run, options),
    candidates,
    rivals: Object.fromEntries(Object.entries(rivals).map(([name, run]) => [name, cardOf(run, shape.horizon, world)])),
    best: { model: best.learner.name, params: best.final.params },
    ...(found.length === 1 ? {} : { modelChoice: { perBlock: choice.perBlock, ...chosen } }),
    strongest,
    importance,
    gate: gate?.metrics ?? null,
    survival: survival?.document ?? null,
    audits,
  };
  const shown = strongest.map(({ feature }) => feature);
  return {
    model: {
      ...modelOf(seen, best, world),
      ...chosen,
      gate: gate?.metrics ?? null,
      audits,
      ...(survival === null ? {} : { survival: survival.model }),
      evidence: evidenceOf(summary),
    },
    document: { ...summary, densities: featureDensities(data, shown).slice(0, DENSITIES_SHOWN) },
    reference: referenceSnapshots(
      data,
      predictNested(best.final, data),
      gateRun === null ? [best.run] : [best.run, gateRun],
      world,
    ),
  };
}

/** The audits of what `trainPointInTime` would train; fails as it does. */
export async function auditCandidates(
  columns: EventColumns,
  options: TrainOptions,
  world: World,
): Promise<AuditsDocument> {
  const prepared = await prepare(columns, options, world);
  const { choice } = await runForwardCandidates(prepared, { ...options, seeds: 0 }, world);
  return auditPointInTime(seenBy(prepared, choice.best.learner.name), auditedOf(choice.best, options), world);
}

function auditedOf({ learner, run }: ForwardCandidate, { search, decisions }: TrainOptions): AuditedTraining {
  return { learner, run, search, ...(decisions === undefined ? {} : { policy: decisions.policy }) };
}

/** The block kept for the promotion gate, by a model that saw nothing after its embargo. */
function runGate(
  { data, gate, shape }: Prepared,
  { learner, fit }: ForwardCandidate,
  { search, decisions }: TrainOptions,
  world: World,
): ForwardRun | null {
  if (gate === null) return null;
  const policy = decisions === undefined ? {} : { policy: decisions.policy };
  const run = runForward(data, { learner, splits: [gate], shape, search, fit, ...policy }, world);
  return run.fits.length === 0 ? null : run;
}

function candidate(
  { learner, final, card, stability }: ForwardCandidate,
  { search }: TrainOptions,
  world: World,
): CandidateDocument {
  return {
    model: learner.name,
    params: final.params,
    ...card,
    threshold: final.threshold.value,
    thresholdWhy: final.threshold.why,
    calibration: final.calibrator.kind,
    selection: forwardLeaderboard(final, search, seededRng(world.seed).fork("optimism")),
    ...(stability === null ? {} : { stability }),
  };
}

/** What a model fitted on all cutoffs says in its file, as far as nothing was measured. */
export function modelOf(
  { catalogue, columns, data, cutoffs, shape, label, riskSet }: Prepared,
  { learner, final }: Pick<ForwardCandidate, "learner" | "final">,
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
      name: catalogue,
      accumulators: Object.fromEntries(Object.entries(ACCUMULATORS).map(([name, { version }]) => [name, version])),
    },
    features: data.features,
    estimator: learner.name,
    params: final.params,
    state: final.fitted.state,
    ranges: featureRanges(data.x),
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
