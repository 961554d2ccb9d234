import type { MeasuredName } from "../../evaluate/metrics.js";
import type { LiveMetricName } from "../../schema/loop-documents.js";

/** Live figure → the metric it is. */
export const LIVE_METRICS = {
  auc: "rocAuc",
  ap: "averagePrecision",
  lift: "liftAt10",
  precision: "precision",
  recall: "recall",
  f1: "f1",
  ece: "ece",
  calibrationSlope: "calibrationSlope",
} as const satisfies Record<LiveMetricName, MeasuredName>;

/** Those that go by who was flagged. */
export const AT_THRESHOLD: ReadonlySet<LiveMetricName> = new Set(["precision", "recall", "f1"]);
