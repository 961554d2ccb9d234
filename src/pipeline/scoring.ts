import { sigmoid } from "../base/math/sigmoid.js";
import { applyCalibrator } from "../evaluate/calibration.js";
import { asLogOdds, contributionsOf, linearEffects } from "../models/contributions.js";
import { marginOfSeen, seenBy } from "../models/logistic.js";
import { type ModelState, probabilityOf } from "../models/model-state.js";
import type { ModelFile } from "../registry/model-file.js";
import type { PredictionDocument, RiskLevel } from "../schema/documents.js";
import type { UserId } from "../schema/user-id.js";
import { daysLeft } from "./days-left.js";
import { reasonsOf, type Told } from "./reasons/reasons.js";

/**
 * One user's prediction with reasons: what each feature adds to the log-odds of `churn_probability` against the average user,
 * largest first.
 *
 * @param row features in the model's order
 */
export function predictRow(
  model: ModelFile,
  row: Float64Array,
  { user, atRisk }: { user: UserId; atRisk: boolean },
): PredictionDocument {
  const told = explained(model.state as ModelState, row);
  const [probability = Number.NaN] = applyCalibrator(model.calibrator, told.raw);
  const expected = daysLeft(model, row);
  return {
    user_id: user,
    churn_probability: probability,
    churn_prediction: probability >= model.threshold.value,
    risk_level: riskLevel(model, probability),
    at_risk: atRisk,
    ...(expected === null ? {} : { expected_days_left: expected }),
    reasons: reasonsOf(model, told),
  };
}

/** P(churn) before calibration, and what each column adds to its log-odds. */
interface Explained extends Told {
  readonly raw: Float64Array;
}

/** A logistic model's columns are made ready once for both: it scores a user in microseconds, thousands of them a second. */
function explained(state: ModelState, row: Float64Array): Explained {
  const x = { rows: 1, cols: row.length, data: row };
  if (state.kind !== "logistic")
    return { raw: probabilityOf(state, x), ...asLogOdds(contributionsOf(state, row)), row };
  const seen = seenBy(state, x);
  const raw = marginOfSeen(state, seen).map(sigmoid);
  return { raw, effects: linearEffects(state, seen.data), values: seen.data, row };
}

function riskLevel({ riskLevels }: ModelFile, probability: number): RiskLevel {
  if (probability >= riskLevels.high) return "high";
  return probability >= riskLevels.medium ? "medium" : "low";
}

/** The order in which users are shown: riskiest first, ids break ties. */
export function byRisk(a: PredictionDocument, b: PredictionDocument): number {
  return b.churn_probability - a.churn_probability || (a.user_id < b.user_id ? -1 : 1);
}
