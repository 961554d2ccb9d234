import { applyCalibrator } from "../evaluate/calibration.js";
import { POINT_IN_TIME } from "../features/catalogue.js";
import { contributions } from "../models/contributions.js";
import { type LogisticState, logistic } from "../models/logistic.js";
import type { ModelFile } from "../registry/model-file.js";
import type { PredictionDocument, ReasonDocument, RiskLevel } from "../schema/documents.js";
import type { UserId } from "../schema/user-id.js";

const REASONS_MAX = 3;
/** Contributions smaller than this are no reason, in log-odds. */
const REASON_MIN = 0.01;

/** From here a percentage says nothing to anybody. */
const TENFOLD = 9;

const MEANING = new Map(POINT_IN_TIME.features.map((feature) => [feature.name, feature]));

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
  const state = model.state as LogisticState;
  const raw = logistic.predict(state, { rows: 1, cols: row.length, data: row });
  const [probability = Number.NaN] = applyCalibrator(model.calibrator, raw);
  return {
    user_id: user,
    churn_probability: probability,
    churn_prediction: probability >= model.threshold.value,
    risk_level: riskLevel(model, probability),
    at_risk: atRisk,
    reasons: reasonsOf(model, state, row),
  };
}

function riskLevel({ riskLevels }: ModelFile, probability: number): RiskLevel {
  if (probability >= riskLevels.high) return "high";
  return probability >= riskLevels.medium ? "medium" : "low";
}

function reasonsOf(model: ModelFile, state: LogisticState, row: Float64Array): ReasonDocument[] {
  // Platt scaling is a line in log-odds, so the effects on the calibrated ones are those of the model times its slope.
  const slope = model.calibrator.kind === "platt" ? -model.calibrator.a : 1;
  const { effects: plain, values } = contributions(state, row);
  const effects = plain.map((effect) => slope * effect);
  const names = [...model.features, ...(state.kinds?.names ?? [])];
  return Array.from(effects.keys())
    .filter((column) => Math.abs(effects[column] ?? 0) >= REASON_MIN)
    .sort((a, b) => Math.abs(effects[b] ?? 0) - Math.abs(effects[a] ?? 0))
    .slice(0, REASONS_MAX)
    .map((column) => {
      const feature = names[column] ?? "";
      const value = values[column] ?? Number.NaN;
      const effect = effects[column] ?? 0;
      const usual = state.mean[state.columns.indexOf(column)] ?? Number.NaN;
      return {
        feature,
        value: Number.isNaN(value) ? null : value,
        effect,
        text: inWords(feature, { value, usual, effect }),
      };
    });
}

/** "thumbs down per song 0.031, usually 0.012: raises the odds by 40%" */
function inWords(name: string, { value, usual, effect }: { value: number; usual: number; effect: number }): string {
  const what = name
    .replace(/^log_/, "")
    .replace(/^kind_/, "of the kind with ")
    .replaceAll("_", " ")
    .replace(/ next (\d+)d$/, " in the next $1 days")
    .replace(/ (\d+)d$/, " in $1 days");
  const scale = MEANING.get(name)?.undo ?? ((x: number) => x);
  const change = Math.exp(effect) - 1;
  const percent = change > TENFOLD ? "more than tenfold" : `by ${Math.abs(change * 100).toFixed(0)}%`;
  return `${what} ${brief(scale(value))}, usually ${brief(scale(usual))}: ${change > 0 ? "raises" : "lowers"} the odds ${percent}`;
}

const NOTHING_TO_SPEAK_OF = 1e-6;

function brief(value: number): string {
  if (Number.isNaN(value)) return "unknown";
  if (Math.abs(value) < NOTHING_TO_SPEAK_OF) return "0";
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(2)));
}

/** The order in which users are shown: riskiest first, ids break ties. */
export function byRisk(a: PredictionDocument, b: PredictionDocument): number {
  return b.churn_probability - a.churn_probability || (a.user_id < b.user_id ? -1 : 1);
}
