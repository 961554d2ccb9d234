import { RefrainError } from "../../base/errors.js";
import { asInstant } from "../../base/time.js";
import type { World } from "../../base/world.js";
import { churnedUsers } from "../../evaluate/dataset.js";
import type { SnapshotTable } from "../../features/snapshot-table.js";
import { cancellation } from "../../labels/cancellation.js";
import { type ModelBody, riskLevelsOf } from "../../registry/model-file.js";
import type { PlaceboDocument } from "../../schema/documents.js";
import type { EventColumns } from "../../schema/event-columns.js";
import { snapshotUsers } from "../snapshot.js";
import { trainingHash } from "../training-hash.js";
import { spanOf } from "../user-spans.js";
import { shuffledLearners, type TrainOptions } from "./options.js";
import type { Trained } from "./point-in-time.js";
import { REFERENCE_THRESHOLD, runShuffled, type ShuffledResult } from "./shuffled-protocol.js";
import { strongestOf } from "./strongest.js";
import { wholeHistoryPlacebo } from "./whole-history-placebo.js";

/** Users of each class without whom five folds cannot be dealt. */
const CLASS_MIN = 10;

/**
 * The reference system's protocol, leaks and all: 46 features to the end of the log, shuffled folds, tuning on the folds that
 * report. Its score is not a forecast; it is shown beside what the same recipe scores where churn is pure chance.
 */
export async function trainWholeHistory(columns: EventColumns, options: TrainOptions, world: World): Promise<Trained> {
  const { table, y } = await wholeHistoryRows(columns, world);
  const results: ShuffledResult[] = [];
  for (const learner of shuffledLearners(options.models)) {
    world.log.info(`Training ${learner.name} on the whole history (leaky, as the reference does)`);
    results.push(await runShuffled({ x: table.x, y, user: table.userIndex }, { learner, ...options }, world));
  }
  const best = results.reduce((a, b) => ((b.card.metrics.f1 ?? 0) > (a.card.metrics.f1 ?? 0) ? b : a));
  const placebo = await wholeHistoryPlacebo(columns, table, best, world);
  return {
    model: bodyOf({ table, y, columns }, best, placebo, world),
    document: {
      ...shuffledSummary({ y, features: table.features, users: table.x.rows }, best),
      protocol: "whole-history",
      label: cancellation.name,
      simulated: columns.simulated,
      candidates: results.map(({ candidate }) => candidate),
      audits: { placebo, verdict: placebo.verdict },
    },
  };
}

/** One row a user at the end of the log, and whether the user ever cancelled. Fails with LABELS_TOO_FEW. */
async function wholeHistoryRows(columns: EventColumns, world: World): Promise<{ table: SnapshotTable; y: Uint8Array }> {
  const cancelled = cancellation.eventTimes(columns);
  const y = Uint8Array.from(cancelled, (at) => (Number.isNaN(at) ? 0 : 1));
  const churned = y.reduce<number>((sum, label) => sum + label, 0);
  const fewest = Math.min(churned, y.length - churned);
  if (fewest < CLASS_MIN) throw new RefrainError("LABELS_TOO_FEW", { churned, needed: CLASS_MIN });
  const cutoffs = [asInstant(spanOf(columns).lastTsMs)];
  const table = await snapshotUsers(columns, { catalogue: "whole-history", cutoffs, riskSet: null }, world);
  return { table, y: Uint8Array.from(table.userIndex, (user) => y[user] ?? 0) };
}

/** What a document of shuffled folds says of its rows. */
export function shuffledSummary(
  { y, features, users }: { y: Uint8Array; features: readonly string[]; users: number },
  best: ShuffledResult,
) {
  const positives = y.reduce<number>((sum, label) => sum + label, 0);
  return {
    leaky: true,
    rows: y.length,
    users,
    positives,
    baseRate: positives / y.length,
    churnedUsersInTest: positives,
    tooFewToTell: false,
    cutoffs: [],
    testBlocks: [],
    inGap: 0,
    catchableShare: null,
    wholeLogShare: positives / y.length,
    features,
    rivals: {},
    unseenUsers: null,
    best: { model: best.learner.name, params: best.params },
    strongest: strongestOf(best.fitted.state, features),
    plots: best.plots,
    gate: null,
  };
}

function bodyOf(
  { table, y, columns }: { table: SnapshotTable; y: Uint8Array; columns: EventColumns },
  best: ShuffledResult,
  placebo: PlaceboDocument,
  world: World,
): ModelBody {
  const baseRate = y.reduce<number>((sum, label) => sum + label, 0) / y.length;
  const data = { ...table, y, user: table.userIndex, inGap: 0 };
  return {
    format: "refrain-model/1",
    protocol: "whole-history",
    leaky: true,
    riskSet: null,
    label: { name: cancellation.name, version: cancellation.version },
    catalogue: { name: "whole-history", accumulators: { history: 1 } },
    features: table.features,
    estimator: best.learner.name,
    params: best.params,
    state: best.fitted.state,
    calibrator: { kind: "none" },
    threshold: REFERENCE_THRESHOLD,
    baseRate,
    riskLevels: riskLevelsOf(baseRate),
    training: {
      rows: y.length,
      users: table.x.rows,
      churnedUsers: churnedUsers(data),
      throughMs: spanOf(columns).lastTsMs,
      dataSha256: trainingHash(data),
      seed: world.seed,
      simulated: columns.simulated,
    },
    ...best.card,
    gate: null,
    audits: { placebo, verdict: placebo.verdict },
  };
}
