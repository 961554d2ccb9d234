import type { Severity } from "./alert-rules.js";

/** What the loop measures day by day, and what commands and routes answer of it. Fields are only ever added. */

export const LIVE_METRIC_NAMES = ["auc", "ap", "lift", "precision", "recall", "f1", "ece", "calibrationSlope"] as const;
export type LiveMetricName = (typeof LIVE_METRIC_NAMES)[number];

/** A figure with its 95% interval, and the bound on either side that holds with 95% alone. */
export interface LiveFigure {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly lower95: number;
  readonly upper95: number;
}

/** Null where it is not defined. */
export type LiveFigures = Readonly<Record<LiveMetricName, LiveFigure | null>>;

export interface LiveQualityFigures {
  readonly rows: number;
  readonly users: number;
  /** Different users who churned. */
  readonly positives: number;
  /** Whether there are enough of them for a verdict. */
  readonly enough: boolean;
  /** Share of rows that came true, and what was expected of them. */
  readonly baseRate: number | null;
  readonly predictedRate: number | null;
  readonly figures: LiveFigures;
}

/** Windows pooled backwards until there is enough for a verdict. */
export interface MaturedQuality
  extends Omit<LiveQualityFigures, "figures">,
    Readonly<Record<LiveMetricName, LiveFigure | null>> {
  /** The cutoffs of the rows; null where no outcome is known. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

export interface TrendDocument {
  readonly windows: number;
  /** Change from a window to the next. */
  readonly slope: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly verdict: "falling" | "steady" | "rising" | "too few to tell";
}

/** What ADWIN found in the excess log loss of matured rows; ½ is a calibrated model. */
export interface ConceptChange {
  /** Rows that were looked at: of each user one in a horizon. */
  readonly rows: number;
  /** About when the last change began; null for none. */
  readonly changedAtMs: number | null;
  readonly meanBefore: number | null;
  readonly meanNow: number | null;
}

export const ESTIMATED_NAMES = ["auc", "ap", "lift", "f1"] as const;
export type EstimatedName = (typeof ESTIMATED_NAMES)[number];

/** An expected figure and the band in which it will lie once outcomes are known, with 95% if the scores are calibrated. */
export interface EstimatedFigure {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export type EstimatedFigures = Readonly<Record<EstimatedName, EstimatedFigure | null>>;

/** What a window is expected to show, as of the closed days up to `madeForMs`. */
export interface WindowEstimate {
  readonly madeForMs: number;
  readonly rows: number;
  /** Rows whose outcome was not known. */
  readonly open: number;
  readonly expectedPositives: number;
  readonly figures: EstimatedFigures;
}

/** One model in one window of cutoffs. */
export interface WindowFigures {
  readonly fromMs: number;
  readonly toMs: number;
  /** Days that it scored, and those of them whose outcomes are known. */
  readonly days: number;
  readonly maturedDays: number;
  /** Of users nobody treated. */
  readonly live: LiveQualityFigures | null;
  readonly treated: LiveQualityFigures | null;
  readonly estimate: WindowEstimate | null;
}

/** What matured rows have shown of a model's scores, as of a closed day. */
export interface ConceptFigures {
  /** The line between the logits of scores and the truth, and its covariance (intercept, both, slope). */
  readonly calibration: {
    readonly mean: { readonly intercept: number; readonly slope: number };
    readonly covariance: readonly [number, number, number];
  } | null;
  readonly observedOverExpected: { readonly value: number; readonly low: number; readonly high: number } | null;
  readonly change: ConceptChange;
  readonly pooled: MaturedQuality;
}

/** Where a figure of a day is expected, from so many days before it. */
export interface QualityBand {
  readonly expected: number;
  readonly low: number;
  readonly high: number;
  readonly days: number;
}

/** A figure beyond its band. */
export interface QualityFlag extends QualityBand {
  readonly figure: string;
  readonly about: string;
  readonly value: number;
  readonly side: "low" | "high";
  /** Whether the day's data cannot be trusted for it. */
  readonly fails: boolean;
}

/** A closed day's data. */
export interface DayQuality {
  readonly dayMs: number;
  readonly figures: Readonly<Record<string, number | null>>;
  readonly unknownFields: readonly string[];
  /** Of the figures that are known for long enough. */
  readonly bands: Readonly<Record<string, QualityBand>>;
  readonly flags: readonly QualityFlag[];
}

/** What is forecast, with a 95% band. */
export interface ForecastFigure {
  readonly expected: number;
  readonly low: number;
  readonly high: number;
}

/** Users of a group: with an event in the last 28 days, and of these who cancelled on the day. */
export interface GroupKpis {
  readonly active_28d: number;
  readonly churned: number;
}

/** A closed day, as the business sees it. What only a model says is null without one. */
export interface DayKpis {
  readonly day: string;
  readonly active_1d: number;
  readonly active_7d: number;
  readonly active_28d: number;
  /** Of the users of 28 days. */
  readonly paid_share: number | null;
  /** Who cancelled on the day. */
  readonly churned: number;
  /** Who can churn at the day's cutoff, and of these how many will within the horizon. */
  readonly at_risk: number | null;
  readonly model_version: string | null;
  readonly forecast: ForecastFigure | null;
  readonly forecast_rate: ForecastFigure | null;
  /** What came of it, once it is known. */
  readonly truth: number | null;
  readonly truth_rate: number | null;
  /** Users whom the model flags. */
  readonly users_flagged: number | null;
  /** What those of them who pay bring in a month, and what is expected to be lost; null without `arpu`. */
  readonly revenue_at_risk: number | null;
  readonly revenue_expected_loss: number | null;
  readonly by_plan: Readonly<Record<string, GroupKpis>>;
  readonly by_cohort: Readonly<Record<string, GroupKpis>>;
}

export interface LiveWindowDocument {
  readonly from: string;
  readonly to: string;
  readonly days: number;
  readonly matured_days: number;
  readonly live: LiveQualityFigures | null;
  readonly treated: LiveQualityFigures | null;
  readonly estimate: WindowEstimate | null;
  /** Whether the AUC lay in its band, once all outcomes were known. */
  readonly estimate_held: boolean | null;
}

/** One model's live quality. */
export interface LiveModelDocument {
  readonly model_version: string;
  readonly verdict: "enough" | "too few to tell";
  readonly pooled: Omit<MaturedQuality, "fromMs" | "toMs"> & {
    readonly from: string | null;
    readonly to: string | null;
  };
  /** Of the AUC, over the last ten windows. */
  readonly trend: TrendDocument;
  readonly change: ConceptChange & { readonly changedAt: string | null };
  readonly observedOverExpected: ConceptFigures["observedOverExpected"];
  readonly calibration: { readonly intercept: number; readonly slope: number } | null;
  readonly estimates: { readonly trusted: boolean; readonly reasons: readonly string[] };
  readonly windows: readonly LiveWindowDocument[];
}

/** `refrain quality`, `GET /quality`. */
export interface QualityDocument {
  /** The end of the last closed day that was measured. */
  readonly as_of: string | null;
  readonly simulated: boolean;
  readonly fresh_through: string | null;
  readonly silence_hours: number | null;
  readonly data: {
    readonly verdict: "good" | "flawed" | "too few days to tell";
    readonly false_days_a_year: number;
    readonly days: readonly (Omit<DayQuality, "dayMs" | "unknownFields"> & {
      readonly day: string;
      readonly unknown_fields: readonly string[];
    })[];
  };
  readonly live: LiveModelDocument | null;
  readonly challengers: readonly LiveModelDocument[];
}

/** `refrain kpis`, `GET /kpis`. */
export interface KpisDocument {
  readonly simulated: boolean;
  readonly days: readonly DayKpis[];
}

/** An alert, as commands and routes tell it. */
export interface AlertDocument {
  readonly id: number;
  readonly rule: string;
  readonly subject: string;
  readonly severity: Severity;
  readonly message: string;
  readonly value: number | null;
  readonly opened_at: string;
  readonly last_seen_at: string;
  readonly times_seen: number;
  readonly acked_at: string | null;
  readonly acked_by: string | null;
  readonly resolved_at: string | null;
}
