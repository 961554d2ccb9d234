import type { CalibrationDocument, DecisionsDocument } from "./decisions-document.js";
import type { CounterfactualDocument, ImportanceDocument, ReasonDocument } from "./explanation-documents.js";
import type { ExploreDocument } from "./explore-document.js";
import type { SelectionDocument, StabilityDocument } from "./selection-document.js";
import type { SurvivalDocument } from "./survival-document.js";

/** What commands answer with `--json`, and what the report draws. Fields are only ever added. */

export interface IngestDocument {
  readonly lines: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly quarantined: number;
  readonly reasons: Readonly<Record<string, number>>;
  readonly users: number;
  readonly firstTs: number | null;
  readonly lastTs: number | null;
  /** `error`: the file could not be read, or not to its end. */
  readonly files?: readonly { readonly path: string; readonly error?: { readonly message: string } }[];
}

export interface RecoveryDocument {
  readonly blank: number;
  readonly attributable: number;
  readonly recovered: number;
  readonly abstained: number;
  readonly guests: number;
  /** recovered ÷ attributable; null without an attributable row. */
  readonly coverage: number | null;
  readonly sharedSessions: number;
  /** Blank rows in sessions that hold no known row: nobody can say whose they are. */
  readonly withoutKnownRow: number;
  /** Whether any event comes from `simulate`. */
  readonly simulated: boolean;
  /** Of the recovered rows whose owner a truth file names. */
  readonly accuracy?: number;
  readonly precisionByConfidence?: readonly {
    readonly from: number;
    readonly to: number;
    readonly rows: number;
    readonly precision: number | null;
  }[];
  readonly rivals?: Readonly<Record<string, { readonly coverage: number | null; readonly accuracy: number | null }>>;
}

export const METRIC_NAMES = [
  "averagePrecision",
  "rocAuc",
  "f1",
  "precision",
  "recall",
  "brier",
  "brierSkill",
  "logLoss",
  "ece",
  "eceExpected",
  "calibrationSlope",
  "liftAt10",
] as const;
export type MetricName = (typeof METRIC_NAMES)[number];
/** null where a metric cannot be had (one class only, a constant score). */
export type Metrics = Readonly<Record<MetricName, number | null>>;
export type Intervals = Readonly<Partial<Record<MetricName, { readonly low: number; readonly high: number }>>>;

export interface CandidateDocument {
  readonly model: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly metrics: Metrics;
  readonly intervals: Intervals;
  readonly threshold: number;
  readonly thresholdWhy: string;
  readonly calibration: string;
  /** The chosen setting again, where tuning has not looked. */
  readonly stability?: StabilityDocument;
  /** What tuning tried; null where there was no choice. */
  readonly selection?: SelectionDocument | null;
  /** Metrics on a table given with `--test-table`. */
  readonly test?: Metrics;
}

export interface CurvePoints {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** What the plots of the best candidate need, from its pooled test predictions. */
export interface PlotData {
  readonly roc: CurvePoints;
  readonly precisionRecall: CurvePoints;
  /** Mean predicted probability and churned share of ten equal-mass bins. */
  readonly reliability: CurvePoints;
  /** Churned share of each tenth of users, riskiest first, ÷ base rate. */
  readonly lift: CurvePoints;
  readonly perCutoff: readonly {
    readonly cutoff: string;
    readonly rows: number;
    readonly churned: number;
    readonly rocAuc: number | null;
  }[];
}

/** Histograms of one feature, by label, over bins of equal width. */
export interface FeatureDensity {
  readonly feature: string;
  /** One more than bins; from the 1st to the 99th percentile of all rows, the outermost bins hold what lies beyond. */
  readonly edges: readonly number[];
  /** Share of a label's rows with a value in each bin. */
  readonly kept: readonly number[];
  readonly churned: readonly number[];
  readonly rows: { readonly kept: number; readonly churned: number };
  /** Rows without a value. */
  readonly missing: { readonly kept: number; readonly churned: number };
}

export type Verdict = "passed" | "inconclusive" | "failed";

/** AUC of a protocol where there is nothing to find. */
export interface NullAucDocument {
  /** Mean over the draws, and its 99.9% interval. */
  readonly auc: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly draws: number;
  readonly verdict: Verdict;
}

export interface FutureShuffleDocument {
  readonly cutoffs: readonly string[];
  readonly rowsAltered: number;
  readonly featuresChanged: readonly string[];
  /** Whether the rows learned from kept every byte, and so did the models fitted from them. */
  readonly trainingUnchanged: boolean;
  readonly modelsUnchanged: boolean;
  readonly verdict: Verdict;
}

export interface OneFeatureDocument {
  /** The feature that tells most by itself, and its AUC on the test rows. */
  readonly feature: string | null;
  readonly auc: number | null;
  readonly features: number;
  readonly alarms: readonly { readonly feature: string; readonly auc: number }[];
  readonly verdict: Verdict;
}

/** How well training and test rows can be told apart. */
export interface AdversarialDocument {
  readonly auc: number;
  /** The same by behaviour alone: without the features that are a clock (calendar, tenure). */
  readonly behaviourAuc: number;
  readonly trainRows: number;
  readonly testRows: number;
  /** Features of behaviour that tell most by themselves. */
  readonly strongest: readonly { readonly feature: string; readonly auc: number }[];
}

export interface AuditsDocument {
  readonly placebo: NullAucDocument;
  readonly permutedLabels: NullAucDocument;
  readonly futureShuffle: FutureShuffleDocument;
  readonly oneFeature: OneFeatureDocument;
  /** Reported, without a verdict. */
  readonly adversarial: AdversarialDocument | null;
  /** The worst of the four. */
  readonly verdict: Verdict;
}

/** The protocol as it was measured, in days: gap and horizon of the label, and who was at risk. */
export interface RulesDocument {
  readonly gapDays: number;
  readonly horizonDays: number;
  readonly minHistoryDays: number;
  readonly activeWithinDays: number;
  /** Only paying users were at risk. */
  readonly paidOnly?: boolean;
  /** The silence that makes a user inactive. */
  readonly inactivityDays?: number;
}

/** The audits without a model. */
export interface AuditDocument extends AuditsDocument {
  readonly label: string;
  readonly simulated: boolean;
  readonly seconds: number;
}

export interface TrainingDocument {
  readonly protocol: "point-in-time" | "whole-history" | "table";
  readonly leaky: boolean;
  readonly label: string;
  readonly labelVersion?: number;
  /** Gap, window and risk set as they were; absent where rows are not snapshots. */
  readonly rules?: RulesDocument;
  readonly rows: number;
  readonly users: number;
  /** Rows of the test blocks (or folds) whose label is 1, and their share. */
  readonly positives: number;
  readonly baseRate: number;
  readonly churnedUsersInTest: number;
  readonly tooFewToTell: boolean;
  readonly cutoffs: readonly string[];
  readonly testBlocks: readonly { readonly from: string; readonly to: string; readonly trainCutoffs: number }[];
  /** Rows whose event came inside the gap: neither fitted nor measured. */
  readonly inGap: number;
  /** Rows of label 0 whose user cancelled first, where the label is another matter than a cancellation. */
  readonly competing?: number;
  /** Of the users who ever had the label's event, the share that has it inside the horizon of some snapshot. */
  readonly catchableShare: number | null;
  /** Share of users who had the label's event at some time in the log; not a rate per horizon. */
  readonly wholeLogShare: number | null;
  readonly features: readonly string[];
  readonly candidates: readonly CandidateDocument[];
  readonly rivals: Readonly<Record<string, { readonly metrics: Metrics; readonly intervals: Intervals }>>;
  readonly unseenUsers: {
    readonly rows: number;
    readonly rocAuc: number | null;
    readonly averagePrecision: number | null;
  } | null;
  readonly best: { readonly model: string; readonly params: Readonly<Record<string, unknown>> };
  /** Where there was more than one model: the one chosen in each test block without a look at it, and what choosing so is worth there. */
  readonly modelChoice?: {
    readonly perBlock: readonly string[];
    readonly metrics: Metrics;
    readonly intervals: Intervals;
  };
  /** The largest standardised coefficients of the model that was registered, in log-odds. */
  readonly strongest: readonly { readonly feature: string; readonly effect: number }[];
  /** Mean |contribution| to the log-odds of the registered model's training rows, largest first. */
  readonly importance?: readonly ImportanceDocument[];
  readonly plots: PlotData | null;
  /** Of the best candidate; absent where rows are not snapshots. */
  readonly calibration?: CalibrationDocument;
  readonly decisions?: DecisionsDocument;
  /** Of the strongest features, over all labelled rows. */
  readonly densities?: readonly FeatureDensity[];
  readonly audits: AuditsDocument | { readonly placebo: NullAucDocument; readonly verdict: Verdict } | null;
  readonly gate: Metrics | null;
  /** Absent where rows are not snapshots; null where the label is no cancellation, or too few users left. */
  readonly survival?: SurvivalDocument | null;
  readonly version: string | null;
  /** Whether the model serves now; absent where nobody has tried to let it. */
  readonly serves?: boolean;
  /** Whether any event behind it comes from `simulate`. */
  readonly simulated: boolean;
  readonly seconds: number;
}

export type RiskLevel = "low" | "medium" | "high";

export interface PredictionDocument {
  readonly user_id: string;
  readonly churn_probability: number;
  readonly churn_prediction: boolean;
  readonly risk_level: RiskLevel;
  readonly at_risk: boolean;
  /** Days that the user is expected to stay, of the days to the model's cap; absent where the model has no survival view. */
  readonly expected_days_left?: number;
  readonly reasons: readonly ReasonDocument[];
  /** Where it was asked for. */
  readonly counterfactual?: CounterfactualDocument;
}

export interface ScoresDocument {
  readonly modelVersion: string;
  readonly asOf: string;
  /** What the model predicts. */
  readonly label?: string;
  /** Share of churned among the model's training rows: what its risk levels are multiples of. */
  readonly baseRate: number;
  /** Whether any event behind the model or the scores comes from `simulate`. */
  readonly simulated: boolean;
  readonly users: readonly PredictionDocument[];
}

export interface SkippedDocument {
  readonly skipped: { readonly code: string; readonly message: string; readonly hint: string };
}

export interface RunDocument {
  /** What was to be predicted. */
  readonly label?: string;
  readonly home: string;
  readonly ingest: IngestDocument;
  readonly recovery: RecoveryDocument;
  /** What is in the data; absent in runs kept by an older version. */
  readonly explore?: ExploreDocument;
  readonly training: TrainingDocument | SkippedDocument;
  /** The usual leaky recipe on the same log, shown so that its score can be read for what it is. */
  readonly wholeHistory: TrainingDocument | SkippedDocument;
  readonly audits: TrainingDocument["audits"];
  readonly scores: ScoresDocument | SkippedDocument;
  readonly files: Readonly<Record<string, string>>;
  readonly simulated: boolean;
  readonly seconds: number;
}
