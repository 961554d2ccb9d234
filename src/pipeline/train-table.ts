import { join } from "node:path";
import { seededRng } from "../base/rng.js";
import type { World } from "../base/world.js";
import { applyCalibrator } from "../evaluate/calibration.js";
import { metricsOf } from "../evaluate/metrics.js";
import { keepTraining } from "../registry/kept-training.js";
import { registerModel } from "../registry/local.js";
import { sha256, versioned } from "../registry/model-file.js";
import type { CandidateDocument, TrainingDocument } from "../schema/documents.js";
import { waitForHomeLock } from "../store/home-lock.js";
import { readTable } from "../store/read-table.js";
import type { CandidateOptions } from "./train/options.js";
import type { RecipeName } from "./train/recipes.js";
import { journalsIn } from "./train/search/journal.js";
import { type ShuffledRows, shuffledModel, shuffledSummary } from "./train/shuffled-model.js";
import { FOLDS, runCandidates, type ShuffledResult } from "./train/shuffled-protocol.js";
import { checkFit, encodeTable, encodingOf, type TableData, type TableRoles } from "./train/table-data.js";

export interface TableOptions extends CandidateOptions {
  readonly table: string;
  readonly testTable: string | null;
  readonly roles: TableRoles;
  /** "reference": its grids and its criterion, besides its folds. */
  readonly recipe: RecipeName;
}

/**
 * Trains on any feature table by shuffled stratified 5-fold cross-validation, as the reference system does. Nothing shows that
 * such features knew their cutoff, so the result is called leaky and never serves. Fails with TABLE_BAD and SINGLE_CLASS.
 */
export async function trainTable(home: string, options: TableOptions, world: World): Promise<TrainingDocument> {
  const started = world.now();
  const columns = await readTable(options.table, world);
  const encodings = encodingOf(options.table, columns, options.roles);
  const data = encodeTable(options.table, columns, { roles: options.roles, encodings });
  const test =
    options.testTable === null
      ? null
      : encodeTable(options.testTable, await readTable(options.testTable, world), { roles: options.roles, encodings });
  checkFit(options.table, data, { models: options.models, folds: FOLDS }, world);
  const journals = journalsIn(join(home, "search"));
  const user = usersOf(data);
  const { results, best } = await runCandidates({ ...data, user }, { ...options, journals }, world);
  const rows: ShuffledRows = {
    protocol: "table",
    label: { name: options.roles.label, version: 1 },
    catalogue: { name: "table", accumulators: {} },
    features: data.features,
    x: data.x,
    y: data.y,
    user,
    users: new Set(data.ids).size,
    throughMs: null,
    dataSha256: sha256(JSON.stringify([data.features, data.ids]), new Uint8Array(data.x.data.buffer), data.y),
    simulated: false,
    audits: null,
  };
  const summary = shuffledSummary(rows, best, world);
  const model = versioned(shuffledModel({ rows, best, summary }, world));
  const document = (seconds: number): TrainingDocument => ({
    ...summary,
    candidates: results.map((result) => withTest(result, test, world)),
    version: model.version,
    seconds,
  });
  await waitForHomeLock(home, "train", async () => {
    keepTraining(home, document((world.now() - started) / 1000));
    registerModel(home, model, world);
  });
  journals.clear();
  return document((world.now() - started) / 1000);
}

/** Numbers the ids; rows of one id are one user's. */
function usersOf({ ids }: TableData): Int32Array {
  const numbers = new Map([...new Set(ids)].map((id, number) => [id, number]));
  return Int32Array.from(ids, (id) => numbers.get(id) ?? -1);
}

function withTest(
  { candidate, fitted, calibrator }: ShuffledResult,
  test: TableData | null,
  world: World,
): CandidateDocument {
  if (test === null) return candidate;
  const scored = { y: test.y, p: applyCalibrator(calibrator, fitted.predict(test.x)), threshold: candidate.threshold };
  return { ...candidate, test: metricsOf(scored, seededRng(world.seed).fork("test-table")) };
}
