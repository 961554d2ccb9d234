/** A figure with its 95% interval. */
interface Between {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** What a model reached on the comparison block. */
interface Reached {
  readonly averagePrecision: Between;
  readonly rocAuc: Between;
  readonly liftAt10: Between;
}

/** The retraining decision, and what came of it. */
export interface RetrainingDocument {
  readonly due: boolean;
  /** Why; `asked` where somebody asked without any other cause. */
  readonly causes: readonly { readonly kind: "time" | "quality" | "drift" | "asked"; readonly evidence: string }[];
  /** The model that was trained; null where none was. */
  readonly candidate: (Partial<Reached> & { readonly version: string; readonly model: string }) | null;
  /** The one that served. */
  readonly champion: Partial<Reached> & { readonly version: string };
  /** Candidate − champion, average precision on the comparison block; null where they were not compared. */
  readonly difference: (Between & { readonly atLeast90: number }) | null;
  readonly promoted: boolean;
  /** The version that serves now: what was promoted is the candidate fitted again on all data. */
  readonly serves: string;
  /** Why the candidate was not promoted, or why there is none. */
  readonly reasons: readonly string[];
  readonly block: {
    readonly from: string;
    readonly to: string;
    readonly cutoffs: number;
    readonly rows: number;
    readonly users: number;
    readonly positives: number;
    /** Cutoffs of it that the champion learned from, which favours the champion. */
    readonly knownToChampion: number;
  } | null;
  /** SHA-256 of the rows that the candidate learned from. */
  readonly dataSha256: string | null;
  readonly audits: "passed" | "inconclusive" | "failed" | null;
  readonly simulated: boolean;
  readonly ledgerId: number | null;
  readonly seconds: number;
}
