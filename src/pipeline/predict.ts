import { RefrainError } from "../base/errors.js";
import { asInstant, type Instant, isoOf } from "../base/time.js";
import type { World } from "../base/world.js";
import { WITH_DAYS } from "../features/catalogue.js";
import { DAY_NAMES } from "../features/families/days.js";
import { RISK_SET } from "../features/risk-set.js";
import { type SnapshotTable, snapshotAt } from "../features/snapshot-table.js";
import { LABELS } from "../labels/labels.js";
import type { ModelFile } from "../registry/model-file.js";
import type { PredictionDocument, ScoresDocument } from "../schema/documents.js";
import type { EventColumns } from "../schema/event-columns.js";
import { isLabelName } from "../schema/label-words.js";
import type { UserId } from "../schema/user-id.js";
import { counterfactualOf } from "./counterfactual.js";
import { byRisk, predictRow } from "./scoring.js";
import { fromEvents, type SnapshotSource } from "./snapshot-source.js";

export interface PredictOptions {
  /** Null scores the whole risk set. */
  readonly users: readonly UserId[] | null;
  /** Null is the end of the data. */
  readonly at: Instant | null;
  /** Whether each score comes with what would take it below the threshold. */
  readonly counterfactual?: boolean;
}

/**
 * Scores users as of a moment, riskiest first (named users in the order given). A user who is named is scored even outside
 * the risk set, and marked so. Fails with USER_UNKNOWN or MODEL_OUTDATED.
 */
export async function predict(
  data: EventColumns | SnapshotSource,
  model: ModelFile,
  { users, at, counterfactual = false }: PredictOptions,
  world: World,
): Promise<ScoresDocument> {
  checkDefinitions(model);
  const source = "userStart" in data ? fromEvents(data, world) : data;
  const asOf = at ?? asInstant(source.lastTsMs);
  const { throughMs } = model.training;
  if (throughMs !== null && asOf < throughMs) {
    world.log.warn(`the model learned from what happened up to ${isoOf(throughMs)}: earlier scores are no forecast`);
  }
  const catalogue = model.features.some((name) => DAY_NAMES.has(name)) ? "days" : "point-in-time";
  const riskSet = await source.at(asOf, model.riskSet ?? RISK_SET, catalogue);
  const atRisk = rowsByUser(riskSet);
  const table = users === null ? riskSet : await source.at(asOf, null, catalogue);
  const rowOf = users === null ? atRisk : rowsByUser(table);
  const columnOf = model.features.map((name) => table.features.indexOf(name));
  const scored = (id: UserId): PredictionDocument => {
    const row = rowOf.get(id);
    if (row === undefined) throw new RefrainError("USER_UNKNOWN", { user: id });
    const { features } = snapshotAt(table, row);
    const inModelOrder = Float64Array.from(columnOf, (column) => features[column] ?? Number.NaN);
    const told = predictRow(model, inModelOrder, { user: id, atRisk: atRisk.has(id) });
    return counterfactual ? { ...told, counterfactual: counterfactualOf(model, inModelOrder) } : told;
  };
  const found = users === null ? [...atRisk.keys()].map(scored).sort(byRisk) : users.map(scored);
  return {
    modelVersion: model.version,
    asOf: isoOf(asOf),
    label: model.label.name,
    baseRate: model.baseRate,
    simulated: source.simulated || model.training.simulated,
    users: found,
  };
}

/** Scores mean something only while features and label are what the model learned from. Fails with MODEL_OUTDATED. */
export function checkDefinitions({ version, label, catalogue, features }: ModelFile): void {
  const now: Readonly<Record<string, { readonly version: number }>> = WITH_DAYS.accumulators;
  const names = new Set(WITH_DAYS.features.map(({ name }) => name));
  const changed = [
    ...Object.entries(catalogue.accumulators)
      .filter(([name, known]) => now[name]?.version !== known)
      .map(([name]) => name),
    ...features.filter((name) => !names.has(name)),
    ...(isLabelName(label.name) && LABELS[label.name](label).version === label.version ? [] : [`label ${label.name}`]),
  ];
  if (changed.length > 0) throw new RefrainError("MODEL_OUTDATED", { version, changed: changed.join(", ") });
}

/** Row of each user in a table of one cutoff. */
function rowsByUser({ userIndex, users }: SnapshotTable): Map<UserId, number> {
  return new Map(Array.from(userIndex, (user, row) => [users[user] ?? "", row]));
}
