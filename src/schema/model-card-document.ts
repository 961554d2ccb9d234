import type { Intervals, Metrics, TrainingDocument } from "./documents.js";
import type { SelectionDocument, StabilityDocument } from "./selection-document.js";

/** What a model file keeps of its training, for the model card. */
export interface ModelEvidence
  extends Omit<
    TrainingDocument,
    "version" | "seconds" | "serves" | "candidates" | "plots" | "features" | "densities" | "audits" | "gate" | "best"
  > {
  readonly candidates: readonly {
    readonly model: string;
    readonly averagePrecision: number | null;
    readonly rocAuc: number | null;
  }[];
  readonly selection: SelectionDocument | null;
  readonly stability?: StabilityDocument;
}

/** A version of a model told to people: `models show V --card`. */
export interface ModelCardDocument {
  readonly version: string;
  readonly estimator: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly protocol: TrainingDocument["protocol"];
  readonly leaky: boolean;
  readonly label: string;
  readonly registeredAt: string;
  readonly features: number;
  readonly calibration: string;
  readonly threshold: { readonly value: number; readonly why: string };
  readonly riskLevels: { readonly medium: number; readonly high: number };
  readonly training: {
    readonly rows: number;
    readonly users: number;
    readonly churnedUsers: number;
    /** The latest moment whose events could have touched the model. */
    readonly through: string | null;
    readonly dataSha256: string;
    readonly seed: number;
    readonly simulated: boolean;
  };
  readonly metrics: Metrics;
  readonly intervals: Intervals;
  readonly gate: Metrics | null;
  readonly audits: TrainingDocument["audits"];
  readonly evidence: ModelEvidence | null;
  /** What it is not good for, and what is not known of it, a sentence each. */
  readonly limits: readonly string[];
}
