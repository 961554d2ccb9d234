/** When users leave: a discrete-time hazard on the same snapshots, judged forward in time. */
export interface SurvivalDocument {
  /** Days after a cutoff to which it looks, and the length of its intervals. */
  readonly capDays: number;
  readonly intervalDays: number;
  /** Snapshots judged, and the users among them who left by the end of the data. */
  readonly rows: number;
  readonly usersWhoLeft: number;
  /** Days to which it is judged: the cap, or as far as enough snapshots were followed. */
  readonly tauDays: number;
  /** Uno's C: of two snapshots, how often the one whose user left first was expected to. Censoring is weighed out. */
  readonly concordance: number;
  /** Graf's Brier score of the survival curves, mean over 0 … tauDays; the same of curves that know no feature; 1 − their ratio. */
  readonly integratedBrier: number;
  readonly integratedBrierBaseline: number;
  readonly brierSkill: number;
  /** 95%, bootstrap over users. */
  readonly intervals: Readonly<Record<"concordance" | "brierSkill", { readonly low: number; readonly high: number }>>;
  /** Days that users are expected to stay, of the days to the cap: the 10th, 50th and 90th percentile of the judged snapshots. */
  readonly expected_days_left: { readonly low: number; readonly median: number; readonly high: number };
}
