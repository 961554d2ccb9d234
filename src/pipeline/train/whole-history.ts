import { RefrainError } from "../../base/errors.js";
import { asInstant } from "../../base/time.js";
import type { World } from "../../base/world.js";
import { history } from "../../features/reference/history.js";
import type { SnapshotTable } from "../../features/snapshot-table.js";
import { cancellation } from "../../labels/cancellation.js";
import type { EventColumns } from "../../schema/event-columns.js";
import { labelWords } from "../../schema/label-words.js";
import { snapshotUsers } from "../snapshot.js";
import { trainingHash } from "../training-hash.js";
import { spanOf } from "../user-spans.js";
import type { TrainOptions } from "./options.js";
import type { Trained } from "./point-in-time.js";
import { positivesOf, type ShuffledRows, shuffledModel, shuffledSummary } from "./shuffled-model.js";
import { runCandidates } from "./shuffled-protocol.js";
import { wholeHistoryPlacebo } from "./whole-history-placebo.js";

/** Users of each class without whom five folds cannot be dealt. */
const CLASS_MIN = 10;

/**
 * The reference system's protocol, leaks and all: 46 features to the end of the log, shuffled folds, tuning on the folds that
 * report. Its score is not a forecast; it is shown beside what the same recipe scores where churn is pure chance.
 */
export async function trainWholeHistory(columns: EventColumns, options: TrainOptions, world: World): Promise<Trained> {
  if (options.label.name !== cancellation.name) throw new RefrainError("LABEL_UNFIT", { label: options.label.name });
  const { table, y } = await wholeHistoryRows(columns, world);
  world.log.info("Training on the whole history (leaky, as the reference does)");
  const rowsOf = { x: table.x, y, user: table.userIndex };
  const { results, best } = await runCandidates(rowsOf, { ...options, recipe: "reference" }, world);
  const placebo = await wholeHistoryPlacebo(columns, table, best, world);
  const rows: ShuffledRows = {
    protocol: "whole-history",
    label: { name: cancellation.name, version: cancellation.version },
    catalogue: { name: "whole-history", accumulators: { history: history.version } },
    features: table.features,
    x: table.x,
    y,
    user: table.userIndex,
    users: table.x.rows,
    throughMs: spanOf(columns).lastTsMs,
    dataSha256: trainingHash({ ...table, y, user: table.userIndex, inGap: 0 }),
    simulated: columns.simulated,
    audits: { placebo, verdict: placebo.verdict },
  };
  const summary = shuffledSummary(rows, best, world);
  return {
    model: shuffledModel({ rows, best, summary }, world),
    document: { ...summary, candidates: results.map(({ candidate }) => candidate) },
  };
}

/** One row a user at the end of the log, and whether the user ever cancelled. Fails with LABELS_TOO_FEW. */
async function wholeHistoryRows(columns: EventColumns, world: World): Promise<{ table: SnapshotTable; y: Uint8Array }> {
  const cancelled = cancellation.eventTimes(columns);
  const y = Uint8Array.from(cancelled, (at) => (Number.isNaN(at) ? 0 : 1));
  const churned = positivesOf(y);
  const fewest = Math.min(churned, y.length - churned);
  if (fewest < CLASS_MIN)
    throw new RefrainError("LABELS_TOO_FEW", { churned, event: labelWords(cancellation.name).verb, needed: CLASS_MIN });
  const cutoffs = [asInstant(spanOf(columns).lastTsMs)];
  const table = await snapshotUsers(columns, { catalogue: "whole-history", cutoffs, riskSet: null }, world);
  return { table, y: Uint8Array.from(table.userIndex, (user) => y[user] ?? 0) };
}
