import type { OneFeatureDocument } from "../../schema/documents.js";
import { churnedUsers, type Dataset } from "../dataset.js";
import { rocAuc } from "../metrics.js";

/** AUC of one feature beyond which it is taken to know the outcome. */
const LOW = 0.15;
const HIGH = 0.85;

/** Churned users below whom a feature's AUC says nothing. */
const CHURNED_MIN = 10;

/**
 * Looks for a single feature that tells the outcome of the test rows nearly by itself: in churn that is a copy of the label, or a
 * trace that the event left, and hardly ever an insight. A feature is ranked by its value where it is present, and by whether it
 * is present at all; the stronger of the two counts. Failed where one lies outside 0.15 … 0.85, inconclusive with
 * fewer than ten churned users.
 *
 * @param rows the pooled rows of the test blocks
 */
export function judgeOneFeature(rows: Dataset): OneFeatureDocument {
  const found = rows.features.map((feature, column) => ({ feature, auc: strongerAuc(rows, column) }));
  const ranked = found
    .filter(({ auc }) => Number.isFinite(auc))
    .sort((a, b) => fromChance(b.auc) - fromChance(a.auc) || (a.feature < b.feature ? -1 : 1));
  const [strongest = null] = ranked;
  const shared = { feature: strongest?.feature ?? null, auc: strongest?.auc ?? null, features: rows.features.length };
  if (churnedUsers(rows) < CHURNED_MIN) return { ...shared, alarms: [], verdict: "inconclusive" };
  const alarms = ranked.filter(({ auc }) => auc < LOW || auc > HIGH);
  return { ...shared, alarms, verdict: alarms.length === 0 ? "passed" : "failed" };
}

const fromChance = (auc: number): number => Math.abs(auc - 0.5);

function strongerAuc(rows: Dataset, column: number): number {
  const values = Float64Array.from(rows.y, (_, row) => rows.x.data[row * rows.x.cols + column] ?? Number.NaN);
  const present = Int32Array.from(rows.y.keys()).filter((row) => !Number.isNaN(values[row]));
  const y = Uint8Array.from(present, (row) => rows.y[row] ?? 0);
  const enough = churnedUsers({ y, user: Int32Array.from(present, (row) => rows.user[row] ?? -1) }) >= CHURNED_MIN;
  const byValue = enough ? rocAuc({ y, p: Float64Array.from(present, (row) => values[row] ?? 0) }) : Number.NaN;
  if (present.length === values.length) return byValue;
  const byPresence = rocAuc({ y: rows.y, p: values.map((value) => (Number.isNaN(value) ? 0 : 1)) });
  return fromChance(byPresence) > fromChance(byValue) || Number.isNaN(byValue) ? byPresence : byValue;
}
