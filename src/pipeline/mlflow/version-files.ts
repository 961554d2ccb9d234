import { cardOfModel } from "../../registry/card.js";
import { readTraining } from "../../registry/kept-training.js";
import type { RegistryEntry } from "../../registry/local.js";
import { mlmodelFiles } from "../../registry/mlflow/mlmodel.js";
import type { ModelFile } from "../../registry/model-file.js";
import { renderCard } from "../../report/card.js";
import { plotFiles } from "../../report/plots/plot-files.js";
import { renderTrainingPage } from "../../report/training-page.js";
import type { TrainingDocument } from "../../schema/documents.js";
import { onnxOfModel } from "../exchange/onnx-model.js";

/** The folder of a run that `mlflow.pyfunc.load_model` reads. */
export const MODEL_FOLDER = "model";

interface OfRun {
  readonly entry: RegistryEntry;
  readonly runId: string;
}

/**
 * The files that are kept with the run of a version, by path. None names a user. They are made anew from the model file, and from
 * what its training found where that is kept; the same version gives the same bytes.
 */
export function* versionFiles(
  home: string,
  model: ModelFile,
  { entry, runId }: OfRun,
): Generator<readonly [path: string, content: string | Uint8Array]> {
  const training = readTraining(home, entry.version);
  yield ["model-card.html", renderCard(cardOfModel(model, entry))];
  if (training !== null) yield* trainingFiles(training);
  yield [`${entry.version}.json`, `${JSON.stringify(model)}\n`];
  yield [`${MODEL_FOLDER}/model.onnx`, onnxOfModel(model)];
  const described = mlmodelFiles(model, { runId, createdAt: entry.registeredAt });
  for (const [name, content] of Object.entries(described)) yield [`${MODEL_FOLDER}/${name}`, content];
}

function* trainingFiles(training: TrainingDocument): Generator<readonly [string, string]> {
  yield ["report.html", renderTrainingPage(training)];
  yield ["training.json", `${JSON.stringify(training)}\n`];
  for (const [name, svg] of Object.entries(plotFiles(training))) yield [`plots/${name}`, svg];
}
