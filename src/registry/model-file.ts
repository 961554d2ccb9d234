import { createHash } from "node:crypto";
import type { Calibrator } from "../evaluate/calibration.js";
import type { FeatureRange } from "../evaluate/feature-ranges.js";
import type { Params } from "../evaluate/learner.js";
import type { RiskSetRule } from "../features/risk-set.js";
import type { Horizon, LabelSettings } from "../labels/label.js";
import type { HazardState } from "../models/survival/hazard.js";
import type { RiskScale } from "../schema/config.js";
import type { AuditsDocument, Intervals, Metrics, NullAucDocument, Verdict } from "../schema/documents.js";
import type { ModelEvidence } from "../schema/model-card-document.js";

/**
 * A model as it lies on disk: JSON, nothing executable. No clock, duration or path is in it, so that the same data, seed
 * and version of Refrain give the same bytes.
 */
export interface ModelBody {
  readonly format: "refrain-model/1";
  readonly protocol: "point-in-time" | "whole-history" | "table";
  readonly leaky: boolean;
  /** Who may be scored: the rule by which its training rows were chosen; null where rows are not snapshots. */
  readonly riskSet: RiskSetRule | null;
  readonly label: { readonly name: string; readonly version: number } & Partial<Horizon> & LabelSettings;
  /** Catalogue the features come from, and the versions of the accumulators behind them. */
  readonly catalogue: { readonly name: string; readonly accumulators: Readonly<Record<string, number>> };
  readonly features: readonly string[];
  readonly estimator: string;
  readonly params: Params;
  readonly state: unknown;
  /** Where the values of each feature lay in the rows that were learned from; absent in models of older versions and from elsewhere. */
  readonly ranges?: readonly FeatureRange[];
  readonly calibrator: Calibrator;
  readonly threshold: { readonly value: number; readonly why: string };
  /** Share of churned among the training rows, and the risk levels frozen with it. */
  readonly baseRate: number;
  readonly riskLevels: { readonly medium: number; readonly high: number };
  readonly training: {
    readonly rows: number;
    readonly users: number;
    readonly churnedUsers: number;
    /** The latest moment whose events could have touched this model, ms. */
    readonly throughMs: number | null;
    readonly dataSha256: string;
    readonly seed: number;
    /** Whether any event it learned from comes from `simulate`. */
    readonly simulated: boolean;
  };
  readonly metrics: Metrics;
  readonly intervals: Intervals;
  readonly gate: Metrics | null;
  /** What was measured, as the model card tells it; absent in files of older versions. */
  readonly evidence?: ModelEvidence;
  readonly audits: AuditsDocument | { readonly placebo: NullAucDocument; readonly verdict: Verdict } | null;
  /** When users leave; absent where that is not known. */
  readonly survival?: SurvivalModel;
}

/** The hazard behind expected days left, and those of the model's features that it looks at. */
export interface SurvivalModel {
  readonly features: readonly string[];
  readonly state: HazardState;
}

export interface ModelFile extends ModelBody {
  /** The label's name and the first 12 digits of the SHA-256 of everything else. */
  readonly version: string;
}

export function versioned(body: ModelBody): ModelFile {
  return { version: `${body.label.name}-${sha256(JSON.stringify(body)).slice(0, 12)}`, ...body };
}

/** The name of the label that a version of a model predicts. */
export function labelOfVersion(version: string): string {
  return version.slice(0, version.lastIndexOf("-"));
}

export function sha256(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

/** The reference system's: whatever the base rate is. */
export const REFERENCE_RISK_LEVELS = { medium: 0.3, high: 0.7 };

/** The model with the risk levels that a configuration asks for: `relative` are those that it was made with. */
export function withRiskLevels(model: ModelFile, scale: RiskScale): ModelFile {
  return scale === "relative" ? model : { ...model, riskLevels: REFERENCE_RISK_LEVELS };
}

/** Relative risk levels: medium from 1.5 and high from 4 times the training base rate. */
export function riskLevelsOf(baseRate: number): ModelBody["riskLevels"] {
  return { medium: 1.5 * baseRate, high: 4 * baseRate };
}
