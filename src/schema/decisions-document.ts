/** What was predicted and seen among some rows; `low` and `high` bound the observed share (95%, users drawn together). */
export interface ReliabilityBin {
  readonly rows: number;
  readonly predicted: number;
  readonly observed: number;
  readonly low: number;
  readonly high: number;
}

export interface CalibrationGroup extends ReliabilityBin {
  readonly group: string;
  readonly users: number;
  readonly churned: number;
  readonly rocAuc: number | null;
  readonly averagePrecision: number | null;
  readonly brier: number | null;
  readonly ece: number | null;
}

export const GROUPINGS = ["plan", "tenure", "gender", "state"] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** Calibration of the pooled test rows: in bins of equal mass, and by who the users are. */
export interface CalibrationDocument {
  readonly bins: readonly ReliabilityBin[];
  readonly groups: Readonly<Partial<Record<Grouping, readonly CalibrationGroup[]>>>;
}

/** What contacting some of the test rows comes to. */
export interface OperatingPoint {
  readonly contactedShare: number;
  /** Of the rows with the event ahead, the share contacted. */
  readonly reachedShare: number;
  readonly precision: number | null;
  /** In the currency of the costs, a thousand rows; null without costs. */
  readonly profitPerThousand: number | null;
}

export interface DecisionsDocument {
  readonly costs: { readonly contactCost: number; readonly customerValue: number; readonly saveRate: number } | null;
  /** Contacts that can be made at a cutoff; null where nobody said. */
  readonly contacts: number | null;
  /** At the thresholds that the test blocks' models were given. */
  readonly atThreshold: OperatingPoint;
  readonly byCost?: OperatingPoint & { readonly threshold: number };
  readonly byCapacity?: OperatingPoint;
  /** Riskiest first, from nobody to everybody. */
  readonly curve: readonly OperatingPoint[];
}
