/**
 * A binary decision tree: entry i of each list is node i, node 0 the root. Plain data that survives JSON unchanged. Thresholds are
 * float32, as values are made before they are compared, so that XGBoost's JSON and ONNX say the same.
 */
export interface Tree {
  /** The column that a node asks about; −1 in a leaf. */
  readonly feature: readonly number[];
  /** A value below it goes left. */
  readonly threshold: readonly number[];
  /** The node that a row goes to; −1 in a leaf. */
  readonly left: readonly number[];
  readonly right: readonly number[];
  /** Where a missing value goes: 1 left, 0 right. */
  readonly missingLeft: readonly (0 | 1)[];
  /** What a leaf says: log-odds, or P(churn) in a forest; float32. */
  readonly value: readonly number[];
  /** How much of the training rows came through: their hessians, or their weights in a forest. */
  readonly cover: readonly number[];
  /** What a split gained in its own objective; 0 in a leaf. */
  readonly gain: readonly number[];
}

/** Trees whose leaves add up to log-odds, in float32 and in their order, as XGBoost adds them. */
export interface BoostedTrees {
  readonly kind: "boosting" | "xgboost";
  /** Columns of the matrices it predicts from. */
  readonly inputs: number;
  /** Log-odds before the first tree, float32. */
  readonly base: number;
  readonly trees: readonly Tree[];
}

/** How far the trees that did not see a row are off it: means over rows by weight. */
export interface OutOfBagScore {
  /** Rows that at least one tree did not see. */
  readonly rows: number;
  readonly brier: number;
  readonly logLoss: number;
}

/** Trees whose leaves are P(churn), of which the mean is taken. */
export interface ForestState {
  readonly kind: "forest";
  readonly inputs: number;
  readonly trees: readonly Tree[];
  /** Absent where it is not known. */
  readonly outOfBag?: OutOfBagScore;
}

export type TreesState = BoostedTrees | ForestState;
