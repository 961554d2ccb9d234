import { RefrainError } from "../../base/errors.js";
import { readTraining } from "../../registry/kept-training.js";
import { loadModel, type RegistryEntry } from "../../registry/local.js";
import type { MlflowHttp } from "../../registry/mlflow/http.js";
import { keyValues } from "../../registry/mlflow/limits.js";
import { ensureModel, numberOf } from "../../registry/mlflow/registered-model.js";
import { factsOfModel, tagsOf } from "../../registry/mlflow/run-facts.js";
import { finishRun, logRun, runOf } from "../../registry/mlflow/runs.js";
import { settle } from "../../registry/mlflow/settle.js";
import type { ModelFile } from "../../registry/model-file.js";
import { MODEL_FOLDER, versionFiles } from "./version-files.js";

const SCHEME = /^mlflow-artifacts:(?:\/\/[^/]*)?\//;

interface Upload {
  readonly experiment: string;
  /** Of Refrain. */
  readonly producer: string;
}

/**
 * Makes a version a run of MLflow, and an honest one a version of the registered model too: whoever takes the latest there must not get
 * one that leaks. Every step finds what an earlier try left, so that breaking off anywhere loses nothing and doubles nothing. Returns
 * the number of the version, null for a run alone. Throws `MODEL_BROKEN`, `MLFLOW_AWAY`, `MLFLOW_REFUSED`.
 */
export async function uploadVersion(
  http: MlflowHttp,
  home: string,
  { entry, experiment, producer }: Upload & { readonly entry: RegistryEntry },
): Promise<string | null> {
  const { version } = entry;
  const { model } = loadModel(home, version);
  const document = readTraining(home, version);
  const registeredMs = Date.parse(entry.registeredAt);
  const startMs = registeredMs - Math.round(1000 * (document?.seconds ?? 0));
  const facts = factsOfModel(model, document);
  const tags = [...facts.tags, ...originTags(entry, model, producer)];
  const run = await runOf(http, { experiment, version, startMs, tags });
  if (!run.isFinished && !run.isDeleted) {
    await logRun(http, run.runId, { ...facts, tags, timestamp: registeredMs });
    const folder = artifactFolder(http, run.artifactUri);
    for (const [path, content] of versionFiles(home, model, { entry, runId: run.runId })) {
      await http.put(`${folder}/${path}`, content);
    }
  }
  const number = model.leaky || run.isDeleted ? null : await register(http, model, run);
  if (!run.isFinished && !run.isDeleted) await finishRun(http, run.runId, registeredMs);
  await settle(http, experiment, version);
  return number;
}

async function register(
  http: MlflowHttp,
  model: ModelFile,
  { runId, artifactUri }: { runId: string; artifactUri: string },
) {
  await ensureModel(http);
  return numberOf(http, {
    version: model.version,
    runId,
    source: `${artifactUri}/${MODEL_FOLDER}`,
    description: `${model.version}${model.training.simulated ? " (SIMULATED: trained on made-up events)" : ""}`,
    tags: tagsOf(model),
  });
}

function originTags({ cause = "manual", ledgerId }: RegistryEntry, model: ModelFile, producer: string) {
  return keyValues("tag", {
    "refrain.cause": cause,
    "refrain.ledger_id": ledgerId,
    "mlflow.source.name": producer,
    "mlflow.source.type": "LOCAL",
    "mlflow.note.content": model.training.simulated
      ? "SIMULATED: trained on events of refrain simulate. No figure here is one from the world."
      : undefined,
  });
}

/** Where the artifacts of a run lie behind the server. Throws `MLFLOW_REFUSED` where they do not go through it. */
function artifactFolder({ place }: MlflowHttp, uri: string): string {
  if (SCHEME.test(uri)) return uri.replace(SCHEME, "");
  const reason =
    "its artifacts do not go through it: start it with --serve-artifacts, and use an experiment made since";
  throw new RefrainError("MLFLOW_REFUSED", { address: place.address, reason });
}
