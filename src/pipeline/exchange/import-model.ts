import { readFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { RefrainError } from "../../base/errors.js";
import type { World } from "../../base/world.js";
import { registerModel } from "../../registry/local.js";
import type { ModelFile } from "../../registry/model-file.js";
import type { ImportDocument } from "../../schema/exchange-documents.js";
import { waitForHomeLock } from "../../store/home-lock.js";
import { readTable } from "../../store/read-table.js";
import { modelProbabilities } from "../model-probabilities.js";
import { type ImportFormat, realNames } from "./formats.js";
import { importedXgboost } from "./imported-xgboost.js";
import { readNativeModel } from "./native-json.js";
import { rowsForModel } from "./table-rows.js";

export interface ImportOptions {
  readonly file: string;
  readonly format: ImportFormat;
  /** A table to score at once, and its column of ids. */
  readonly table: { readonly path: string; readonly id: string } | null;
}

const READERS = { json: readNativeModel, xgboost: importedXgboost } as const satisfies Record<
  ImportFormat,
  (text: string, path: string) => ModelFile
>;

const MIB = 1024 * 1024;
/** A text is at most 512 MiB long in Node; the trees of a model take several times the place of their text. */
const BYTES_MAX = 256 * MIB;

/**
 * Brings a model in and scores a table with it. The table is read first: where it does not fit nothing is registered. Fails with
 * PATH_ABSENT, MODEL_FILE_BAD, TABLE_BAD or FILE_UNREADABLE.
 */
export async function importModel(
  home: string,
  { file, format, table }: ImportOptions,
  world: World,
): Promise<ImportDocument> {
  const model = READERS[format](await textOf(file), file);
  const scores = table === null ? null : await scoresOf(model, table, world);
  const { version } = await waitForHomeLock(home, "models import", async () => registerModel(home, model, world));
  return {
    version,
    features: scores?.columns ?? model.features,
    ids: scores?.ids ?? [],
    probabilities: scores?.probabilities ?? [],
  };
}

async function textOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  if (found === null) throw new RefrainError("PATH_ABSENT", { path });
  const advice = "Give one file of a model.";
  if (!found.isFile()) throw new RefrainError("MODEL_FILE_BAD", { path, reason: "it is no file", advice });
  if (found.size <= BYTES_MAX) return readFileSync(path, "utf8");
  throw new RefrainError("MODEL_FILE_BAD", { path, reason: `it is larger than ${BYTES_MAX / MIB} MiB`, advice });
}

async function scoresOf(model: ModelFile, { path, id }: { path: string; id: string }, world: World) {
  const { features } = model;
  const wanted = { id, features: realNames(features), inputs: features.length };
  const { ids, columns, x } = rowsForModel(path, await readTable(path, world), wanted);
  return { ids, columns, probabilities: Array.from(modelProbabilities(model, x)) };
}
