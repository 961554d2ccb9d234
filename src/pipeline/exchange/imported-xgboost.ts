import { sigmoid } from "../../base/math/sigmoid.js";
import { readXgboostJson } from "../../models/xgboost-json/read.js";
import { type ModelFile, REFERENCE_RISK_LEVELS, sha256, versioned } from "../../registry/model-file.js";
import { METRIC_NAMES, type Metrics } from "../../schema/documents.js";
import { numberedNames } from "./formats.js";

const THRESHOLD = { value: 0.5, why: "the model came without one" };

/**
 * A model of XGBoost as one of ours. Nothing is known of what it learned from, so its protocol is `table`, it is called leaky and
 * never serves; `baseRate` is its base_score. Fails with MODEL_FILE_BAD.
 */
export function importedXgboost(text: string, path: string): ModelFile {
  const { state, features } = readXgboostJson(text, path);
  const unknown = Object.fromEntries(METRIC_NAMES.map((name) => [name, null])) as Record<keyof Metrics, null>;
  return versioned({
    format: "refrain-model/1",
    protocol: "table",
    leaky: true,
    riskSet: null,
    label: { name: "imported", version: 1 },
    catalogue: { name: "table", accumulators: {} },
    features: features ?? numberedNames(state.inputs),
    estimator: state.kind,
    params: {},
    state,
    calibrator: { kind: "none" },
    threshold: THRESHOLD,
    baseRate: sigmoid(state.base),
    riskLevels: REFERENCE_RISK_LEVELS,
    training: {
      rows: 0,
      users: 0,
      churnedUsers: 0,
      throughMs: null,
      dataSha256: sha256(text),
      seed: 0,
      simulated: false,
    },
    metrics: unknown,
    intervals: {},
    gate: null,
    audits: null,
  });
}
