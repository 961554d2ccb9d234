import type { MetricName, Metrics } from "./documents.js";

/** What a search tried, best first, and how much of the winner's score is that it won. */
export interface SelectionDocument {
  readonly search: string;
  /** Settings that there were to try and those that had a trial, besides the defaults; fewer where a budget was spent. */
  readonly planned: number;
  readonly ran: number;
  readonly criterion: string;
  readonly method: "BBC-CV";
  /** Number of the chosen setting; 0 is the defaults. */
  readonly chosen: number;
  /** A metric's value of the chosen setting on the rows it was chosen on, on users who had no part in the choice, and the difference. */
  readonly optimism: Readonly<
    Partial<
      Record<
        MetricName,
        { readonly apparent: number | null; readonly corrected: number | null; readonly optimism: number | null }
      >
    >
  >;
  readonly leaderboard: readonly ({
    readonly setting: number;
    readonly params: Readonly<Record<string, unknown>>;
  } & Partial<Metrics>)[];
}

/**
 * The chosen setting over seeds: shuffled protocols on fresh shuffles, where tuning has not seen the folds (a seed's value is the
 * mean of its folds); point-in-time on the same test blocks, drawn from anew. `overFolds` is the spread of single folds or blocks.
 */
export interface StabilityDocument {
  readonly seeds: number;
  readonly f1: Spread;
  readonly rocAuc: Spread;
  readonly averagePrecision?: Spread;
  readonly overFolds?: { readonly f1: Spread; readonly rocAuc: Spread; readonly averagePrecision: Spread };
}

/** Mean and sample standard deviation. */
export interface Spread {
  readonly mean: number;
  readonly sd: number;
}
