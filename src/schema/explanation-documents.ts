/** How much a feature moves a model: mean |contribution|, its 95% interval over users, and whether more of it goes with more churn. */
export interface ImportanceDocument {
  readonly feature: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly direction: -1 | 0 | 1;
}

export interface ReasonDocument {
  readonly feature: string;
  readonly value: number | null;
  /** Contribution to the log-odds, against a user with average features. */
  readonly effect: number;
  readonly text: string;
  /** Whether acting can change the feature; absent in scores stored by an older version. */
  readonly actionable?: boolean;
}

/** A smallest change of features that acting can change, that takes a user below the model's threshold. */
export interface CounterfactualDocument {
  readonly churn_probability: number;
  readonly threshold: number;
  /** Whether the changes suffice; without any change where the score is below the threshold as it is. */
  readonly reached: boolean;
  readonly churn_probability_after: number;
  readonly changes: readonly {
    readonly feature: string;
    readonly from: number | null;
    readonly to: number;
    readonly text: string;
  }[];
}
