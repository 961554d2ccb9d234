import type { TrainingDocument } from "../../schema/documents.js";
import { METRIC_NAMES } from "../../schema/documents.js";
import type { ModelFile } from "../model-file.js";
import { type KeyValue, keyOf, keyValues } from "./limits.js";
import type { Metric } from "./runs.js";

interface Facts {
  readonly params: readonly KeyValue[];
  readonly metrics: readonly Metric[];
  readonly tags: readonly KeyValue[];
}

/** What a run says of a model: how it was made, how well it did with the interval of each figure, and what the audits found. */
export function factsOfModel(model: ModelFile, document: TrainingDocument | null): Facts {
  return {
    params: keyValues("param", paramsOf(model)),
    metrics: [...metricsOf(model), ...cutoffsOf(document)].filter(({ value }) => Number.isFinite(value)),
    tags: tagsOf(model),
  };
}

/** The tags of a run, and of the version of the registered model. */
export function tagsOf({ protocol, leaky, audits, label, training, threshold }: ModelFile): KeyValue[] {
  return keyValues("tag", {
    "refrain.label": label.name,
    "refrain.protocol": protocol,
    "refrain.leaky": leaky,
    "refrain.audits": audits?.verdict ?? "none",
    "refrain.simulated": training.simulated,
    "refrain.data_sha256": training.dataSha256,
    "refrain.threshold": threshold.value,
  });
}

function paramsOf({
  estimator,
  params,
  label,
  protocol,
  features,
  calibrator,
  threshold,
  riskSet,
  training,
}: ModelFile) {
  const settings = Object.fromEntries(Object.entries(params).map(([name, value]) => [`${estimator}.${name}`, value]));
  return {
    estimator,
    ...settings,
    label,
    protocol,
    features: features.length,
    calibration: calibrator.kind,
    threshold_why: threshold.why,
    risk_set: riskSet,
    seed: training.seed,
    rows: training.rows,
    users: training.users,
    churned_users: training.churnedUsers,
    through: training.throughMs === null ? null : new Date(training.throughMs).toISOString(),
    data_sha256: training.dataSha256,
  };
}

function* metricsOf({ metrics, intervals, gate, threshold, baseRate, evidence }: ModelFile): Generator<Metric> {
  for (const name of METRIC_NAMES) {
    yield metric(name, metrics[name]);
    yield metric(`${name}_low`, intervals[name]?.low);
    yield metric(`${name}_high`, intervals[name]?.high);
    yield metric(`gate_${name}`, gate?.[name]);
  }
  yield metric("threshold", threshold.value);
  yield metric("baseRate", baseRate);
  for (const { model, averagePrecision, rocAuc } of evidence?.candidates ?? []) {
    yield metric(`candidate_${model}_averagePrecision`, averagePrecision);
    yield metric(`candidate_${model}_rocAuc`, rocAuc);
  }
}

/** AUC by test cutoff, one a step: a line in MLflow's page of the run. */
function cutoffsOf(document: TrainingDocument | null): Metric[] {
  return (document?.plots?.perCutoff ?? []).map(({ rocAuc }, step) => ({ ...metric("cutoff_rocAuc", rocAuc), step }));
}

function metric(name: string, value: number | null | undefined): Metric {
  return { key: keyOf(name), value: value ?? Number.NaN, step: 0 };
}
