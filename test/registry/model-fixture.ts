import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { asInstant } from "../../src/base/time.js";
import type { World } from "../../src/base/world.js";
import { type ModelBody, type ModelFile, riskLevelsOf, versioned } from "../../src/registry/model-file.js";
import { METRIC_NAMES, type Metrics, type Verdict } from "../../src/schema/documents.js";

const folder = mkdtempSync(join(tmpdir(), "refrain-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let homes = 0;
export const freshHome = (): string => join(folder, `home${homes++}`);

export const worldAt = (ms: number): World => ({
  now: () => asInstant(ms),
  seed: 1,
  threads: 1,
  log: { debug() {}, info() {}, warn() {} },
  signal: { aborted: false },
});
export const world = worldAt(0);

/** A model of one feature, told from others by its seed. */
export function modelOf(seed: number, { leaky = false, verdict = "passed" as Verdict | null } = {}): ModelFile {
  const body: ModelBody = {
    format: "refrain-model/1",
    protocol: leaky ? "whole-history" : "point-in-time",
    leaky,
    riskSet: null,
    label: { name: "cancellation", version: 1 },
    catalogue: { name: "point-in-time", accumulators: {} },
    features: ["songs"],
    estimator: "logistic",
    params: {},
    state: { kind: "logistic", coef: [0.1 + seed] },
    calibrator: { kind: "none" },
    threshold: { value: 0.1, why: "a test" },
    baseRate: 0.05,
    riskLevels: riskLevelsOf(0.05),
    training: { rows: 1, users: 1, churnedUsers: 1, throughMs: null, dataSha256: "", seed, simulated: false },
    metrics: Object.fromEntries(METRIC_NAMES.map((name) => [name, null])) as unknown as Metrics,
    intervals: {},
    gate: null,
    audits: verdict === null ? null : { verdict, placebo: { auc: 0.5, low: 0.4, high: 0.6, draws: 20, verdict } },
  };
  return versioned(body);
}
