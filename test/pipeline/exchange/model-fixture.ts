import { asInstant } from "../../../src/base/time.js";
import type { World } from "../../../src/base/world.js";
import type { Calibrator } from "../../../src/evaluate/calibration.js";
import type { ModelState } from "../../../src/models/model-state.js";
import { type ModelFile, riskLevelsOf, versioned } from "../../../src/registry/model-file.js";
import { METRIC_NAMES, type Metrics } from "../../../src/schema/documents.js";

export const world: World = {
  now: () => asInstant(0),
  seed: 1,
  threads: 1,
  log: { debug() {}, info() {}, warn() {} },
  signal: { aborted: false },
};

/** A model file around a state, as if trained on a table. */
export function modelOf(
  state: ModelState,
  features: readonly string[],
  calibrator: Calibrator = { kind: "none" },
): ModelFile {
  return versioned({
    format: "refrain-model/1",
    protocol: "table",
    leaky: true,
    riskSet: null,
    label: { name: "left", version: 1 },
    catalogue: { name: "table", accumulators: {} },
    features,
    estimator: state.kind,
    params: {},
    state,
    calibrator,
    threshold: { value: 0.1, why: "a test" },
    baseRate: 0.05,
    riskLevels: riskLevelsOf(0.05),
    training: { rows: 9, users: 9, churnedUsers: 1, throughMs: null, dataSha256: "", seed: 1, simulated: false },
    metrics: Object.fromEntries(METRIC_NAMES.map((name) => [name, null])) as unknown as Metrics,
    intervals: {},
    gate: null,
    audits: null,
  });
}

/** Writes a matrix as CSV with an id in front; missing is empty. */
export function csvOf(
  { rows, cols, data }: { rows: number; cols: number; data: Float64Array },
  names: readonly string[],
): string {
  const lines = Array.from({ length: rows }, (_, i) =>
    [`u${i}`, ...Array.from(data.subarray(i * cols, (i + 1) * cols), (v) => (Number.isNaN(v) ? "" : String(v)))].join(
      ",",
    ),
  );
  return `${["id", ...names].join(",")}\n${lines.join("\n")}\n`;
}
