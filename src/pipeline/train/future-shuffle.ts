import { takeRows } from "../../base/matrix.js";
import { seededRng } from "../../base/rng.js";
import { asInstant, type Instant } from "../../base/time.js";
import type { World } from "../../base/world.js";
import { alterAfter, changedFeatures, judgeFutureShuffle } from "../../evaluate/audits/future-shuffle.js";
import { type Dataset, joinOutcomes, rowsAt, takeDataset } from "../../evaluate/dataset.js";
import type { ThresholdPolicy } from "../../evaluate/decision-costs.js";
import type { ForwardRun } from "../../evaluate/forward.js";
import type { Learner } from "../../evaluate/learner.js";
import type { NestedFit } from "../../evaluate/nested-fit.js";
import type { Search } from "../../evaluate/search/settings.js";
import type { ForwardSplit } from "../../evaluate/splits.js";
import type { SnapshotPlan } from "../../features/snapshot-plan.js";
import type { SnapshotTable } from "../../features/snapshot-table.js";
import { settledAt } from "../../labels/label.js";
import type { FutureShuffleDocument } from "../../schema/documents.js";
import { trainingHash } from "../training-hash.js";
import type { Prepared } from "./prepare.js";

export interface AuditedTraining {
  readonly learner: Learner;
  readonly search: Search;
  readonly policy?: ThresholdPolicy;
  /** The test blocks, as the training ran through them. */
  readonly run: ForwardRun;
}

/** A moment at which all that a model learns from is settled; `split` is null for the model that is registered. */
interface Horizon {
  readonly moment: Instant;
  readonly train: readonly Instant[];
  readonly split: ForwardSplit | null;
}

/**
 * Makes up everything that becomes known after a training horizon, and does all again. No feature at that moment or before may change
 * by a bit, no row learned from, and no byte of a model fitted for a test block: neither a scaler nor a threshold nor
 * anything else that was fitted can have seen the rows it is tested on. For the first and the last test block, and
 * for the model that is registered (whose rows are all of them: where none changes, nor does the model).
 */
export async function futureShuffle(
  prepared: Prepared,
  training: AuditedTraining,
  world: World,
): Promise<FutureShuffleDocument> {
  const { columns, catalogue, table, cutoffs, data, label, riskSet, procedure } = prepared;
  const rng = seededRng(world.seed).fork("future-shuffle");
  const plan = (at: readonly Instant[]): SnapshotPlan => ({
    catalogue,
    cutoffs: [...new Set(at)].sort((a, b) => a - b),
    riskSet,
  });
  const horizons = horizonsOf(prepared);
  const moments = horizons.map(({ moment }) => moment);
  world.log.info(`Future shuffle: ${horizons.length} times all again, from a log whose future is made up`);
  const atMoments = await procedure.photograph(columns, plan(moments), world);
  const changed = new Set<string>();
  let rowsAltered = 0;
  let trainingUnchanged = true;
  let modelsUnchanged = true;
  for (const { moment, train, split } of horizons) {
    const { altered, rows } = alterAfter(columns, moment, rng);
    rowsAltered += rows;
    const again = await procedure.photograph(altered, plan([...cutoffs, moment]), world);
    const known = cutoffs.filter((cutoff) => cutoff <= moment);
    const pairs = [
      [atCutoffs(atMoments, [moment]), atCutoffs(again, [moment])],
      [atCutoffs(table, known), atCutoffs(again, known)],
    ] as const;
    for (const [before, after] of pairs) for (const name of changedFeatures(before, after)) changed.add(name);
    const alteredData = joinOutcomes(atCutoffs(again, cutoffs), label.outcomes(altered));
    trainingUnchanged &&= rowsHash(data, train) === rowsHash(alteredData, train);
    if (split !== null) {
      const fit = procedure.fit(
        alteredData,
        {
          ...training,
          trainCutoffs: train,
          horizon: prepared.shape.horizon,
          ...roundsOf(training.run.fitOf.get(split)),
        },
        world,
      );
      modelsUnchanged &&= bytesOf(fit) === bytesOf(training.run.fitOf.get(split) ?? null);
    }
  }
  return judgeFutureShuffle({
    cutoffs: moments,
    rowsAltered,
    featuresChanged: [...changed],
    trainingUnchanged,
    modelsUnchanged,
  });
}

/** A search that was broken off for want of time is broken off at the same place. */
function roundsOf(fit: NestedFit | undefined): { roundsMax?: number } {
  return fit?.inner ? { roundsMax: fit.inner.outcome.rounds } : {};
}

function horizonsOf({ tests, cutoffs, shape }: Prepared): Horizon[] {
  const settled = (train: readonly Instant[]) => asInstant(settledAt(train.at(-1) ?? Number.NaN, shape.horizon));
  const splits = [...new Set([tests[0], tests.at(-1)])].filter((split) => split !== undefined);
  return [
    ...splits.map((split) => ({ moment: settled(split.train), train: split.train, split })),
    { moment: settled(cutoffs), train: cutoffs, split: null },
  ];
}

function rowsHash(data: Dataset, cutoffs: readonly Instant[]): string {
  return trainingHash(takeDataset(data, rowsAt(data, cutoffs)));
}

/** What a model file would hold of it. */
function bytesOf(fit: NestedFit | null): string {
  if (fit === null) return "none";
  const { params, fitted, calibrator, threshold, baseRate } = fit;
  return JSON.stringify({ params, state: fitted.state, calibrator, threshold, baseRate });
}

function atCutoffs(table: SnapshotTable, cutoffs: readonly Instant[]): SnapshotTable {
  const wanted = new Set<number>(cutoffs);
  const rows = Int32Array.from(table.userIndex.keys()).filter((row) => wanted.has(table.cutoffMs[row] ?? Number.NaN));
  return {
    ...table,
    userIndex: Int32Array.from(rows, (row) => table.userIndex[row] ?? -1),
    cutoffMs: Float64Array.from(rows, (row) => table.cutoffMs[row] ?? Number.NaN),
    x: takeRows(table.x, rows),
  };
}
