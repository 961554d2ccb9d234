import { RefrainError } from "../../base/errors.js";
import { seededRng } from "../../base/rng.js";
import type { World } from "../../base/world.js";
import { type Comparison, comparePaired } from "../../evaluate/comparison.js";
import { type Dataset, takeDataset } from "../../evaluate/dataset.js";
import { nestedFit, predictNested } from "../../evaluate/nested-fit.js";
import { scoreCard } from "../../evaluate/score-card.js";
import { eventsUntil } from "../../evaluate/take-events.js";
import { type ModelBody, type ModelFile, versioned } from "../../registry/model-file.js";
import type { ReferenceSnapshots } from "../../registry/reference-file.js";
import type { TrainingDocument } from "../../schema/documents.js";
import type { EventColumns } from "../../schema/event-columns.js";
import { modelProbabilities } from "../model-probabilities.js";
import { checkDefinitions } from "../predict.js";
import { learnerFor } from "../train/learners.js";
import type { TrainOptions } from "../train/options.js";
import { modelOf, trainPointInTime } from "../train/point-in-time.js";
import { prepare, seenBy, tooFew } from "../train/prepare.js";
import { referenceSnapshots, type UnseenScores } from "../train/reference-snapshots.js";
import { survivalView } from "../train/survival-view.js";
import { type ComparisonBlock, columnsOf, comparisonBlock } from "./block.js";

/** A model that knows nothing of the comparison block, and how it did there beside the champion. */
export interface Candidate {
  readonly model: ModelFile;
  readonly document: Omit<TrainingDocument, "version" | "seconds">;
  readonly block: {
    readonly fromMs: number;
    readonly toMs: number;
    readonly cutoffs: number;
    readonly positives: number;
  };
  /** Cutoffs of the block that the champion learned from, which favours it. */
  readonly knownToChampion: number;
  /** Null where the champion cannot be scored by this version of Refrain, or the block holds one class only. */
  readonly comparison: Comparison | null;
}

/** A model and what later users are compared with. */
export interface Made<M> {
  readonly made: M;
  readonly reference: ReferenceSnapshots | null;
}

export interface CandidateRequest {
  readonly champion: ModelFile;
  readonly options: TrainOptions;
  readonly positivesMin: number;
}

/**
 * Trains by the honest protocol on what was known before the comparison block, and scores the block with it and with the champion.
 * Fails with SPAN_TOO_SHORT or LABELS_TOO_FEW where what is left is too little to learn from.
 */
export async function makeCandidate(
  columns: EventColumns,
  { champion, options, positivesMin }: CandidateRequest,
  world: World,
): Promise<Made<Candidate>> {
  const { label, shape } = options;
  const riskSet = label.riskSet(shape.cutoffs.minHistoryDays);
  const block = await comparisonBlock(columns, { label, shape, riskSet, positivesMin }, world);
  const [first, last] = [block?.cutoffs[0], block?.cutoffs.at(-1)];
  if (block === null || first === undefined || last === undefined) throw tooFew(0, label.name);
  const {
    model: body,
    document,
    reference = null,
  } = await trainPointInTime(eventsUntil(columns, first), options, world);
  const model = versioned(withGate(body, block, world));
  const { throughMs } = champion.training;
  const made = {
    model,
    document: { ...document, gate: model.gate },
    block: { fromMs: first, toMs: last, cutoffs: block.cutoffs.length, positives: block.positives },
    knownToChampion: block.cutoffs.filter((cutoff) => throughMs !== null && cutoff < throughMs).length,
    comparison: compared(block, { model, champion }, world),
  };
  return { made, reference };
}

/** The same hyperparameters, fitted on all settled cutoffs: what serves if the candidate is promoted. Figures stay the candidate's. */
export async function refit(
  columns: EventColumns,
  candidate: ModelFile,
  options: TrainOptions,
  world: World,
): Promise<Made<ModelFile>> {
  const { estimator, params, metrics, intervals, gate, audits, evidence } = candidate;
  const prepared = await prepare(columns, { ...options, models: [estimator] }, world);
  const seen = seenBy(prepared, estimator);
  const { resample = "none", decisions } = options;
  const learner = { ...learnerFor({ name: estimator, features: seen.data.features, resample }), defaults: params };
  const plan = { learner, trainCutoffs: seen.cutoffs, horizon: options.shape.horizon, search: "none" } as const;
  const policy = decisions === undefined ? {} : { policy: decisions.policy };
  const final = nestedFit(seen.data, { ...plan, ...policy }, world);
  if (final === null) throw tooFew(0, options.label.name);
  const survival = survivalView(prepared, world);
  const made = versioned({
    ...modelOf(seen, { learner, final }, world),
    metrics,
    intervals,
    gate,
    audits,
    ...(survival === null ? {} : { survival: survival.model }),
    ...(evidence === undefined ? {} : { evidence }),
  });
  const unseen = unseenBy(candidate, seen.data);
  return { made, reference: referenceSnapshots(seen.data, predictNested(final, seen.data), [unseen], world) };
}

/** What a model says of the rows after all it learned from. */
function unseenBy(model: ModelFile, data: Dataset): UnseenScores {
  const { throughMs } = model.training;
  const rows = takeDataset(data, rowsAfter(data.cutoffMs, throughMs ?? Number.POSITIVE_INFINITY));
  return { rows, p: modelProbabilities(model, columnsOf(rows, model.features)) };
}

function rowsAfter(cutoffMs: Float64Array, fromMs: number): Int32Array {
  return Int32Array.from([...cutoffMs.keys()].filter((row) => (cutoffMs[row] ?? 0) >= fromMs));
}

/** The block is the promotion gate: what the training itself kept for that lies before it. */
function withGate(body: ModelBody, { data }: ComparisonBlock, world: World): ModelBody {
  const p = modelProbabilities(body, columnsOf(data, body.features));
  const flagged = Uint8Array.from(p, (score) => (score >= body.threshold.value ? 1 : 0));
  const { y, user, cutoffMs } = data;
  const { horizonDays } = body.label;
  const pooled = { y, p, flagged, user, cutoffMs, ...(horizonDays === undefined ? {} : { horizonDays }) };
  return { ...body, gate: scoreCard(pooled, seededRng(world.seed).fork("gate")).metrics };
}

function compared(
  { data }: ComparisonBlock,
  { model, champion }: { readonly model: ModelFile; readonly champion: ModelFile },
  world: World,
): Comparison | null {
  const { y, user, cutoffMs } = data;
  if (!y.includes(0) || !y.includes(1) || !isCurrent(champion)) return null;
  const scored = (file: ModelFile) => modelProbabilities(file, columnsOf(data, file.features));
  return comparePaired(
    { y, user, cutoffMs, candidate: scored(model), champion: scored(champion) },
    seededRng(world.seed).fork("comparison"),
  );
}

function isCurrent(model: ModelFile): boolean {
  try {
    checkDefinitions(model);
    return true;
  } catch (error) {
    if (error instanceof RefrainError && error.code === "MODEL_OUTDATED") return false;
    throw error;
  }
}
