import { sigmoid } from "../base/math/sigmoid.js";
import { applyCalibrator } from "../evaluate/calibration.js";
import { POINT_IN_TIME } from "../features/catalogue.js";
import { contributionsOfSeen } from "../models/contributions.js";
import { type LogisticState, marginOfSeen, seenBy } from "../models/logistic.js";
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
  const seen = seenBy(state, { rows: 1, cols: row.length, data: row });
  const raw = marginOfSeen(state, seen).map(sigmoid);
  const [probability = Number.NaN] = applyCalibrator(model.calibrator, raw);
  return {
    user_id: user,
    churn_probability: probability,
    churn_prediction: probability >= model.threshold.value,
    risk_level: riskLevel(model, probability),
    at_risk: atRisk,
    reasons: reasonsOf(model, state, seen.data),
  };
}

function riskLevel({ riskLevels }: ModelFile, probability: number): RiskLevel {
  if (probability >= riskLevels.high) return "high";
  return probability >= riskLevels.medium ? "medium" : "low";
}

function reasonsOf(model: ModelFile, state: LogisticState, seen: Float64Array): ReasonDocument[] {
  const { slope, wordings } = wordingOf(model, state);
  const { effects, values } = contributionsOfSeen(state, seen);
  return largest(effects, REASON_MIN / Math.abs(slope)).map((column) => {
    const wording = wordings.get(column);
    const value = values[column] ?? Number.NaN;
    const effect = slope * (effects[column] ?? 0);
    return {
      feature: wording?.feature ?? "",
      value: Number.isNaN(value) ? null : value,
      effect,
      text: wording === undefined ? "" : inWords(wording, value, effect),
    };
  });
}

/** Columns of the largest effects, at most `REASONS_MAX` and none below `least`; of equals the first. Sorting all takes longer than scoring. */
function largest(effects: Float64Array, least: number): number[] {
  const sizeOf = (column: number): number => Math.abs(effects[column] ?? 0);
  const found: number[] = [];
  for (let column = 0; column < effects.length; column++) {
    const size = sizeOf(column);
    if (!(size >= least)) continue;
    let at = found.length;
    while (at > 0 && sizeOf(found[at - 1] ?? 0) < size) at--;
    if (at === REASONS_MAX) continue;
    found.splice(at, 0, column);
    if (found.length > REASONS_MAX) found.pop();
  }
  return found;
}

/** What the words for a column's effect are made of. */
interface Wording {
  readonly feature: string;
  readonly what: string;
  readonly usual: string;
  readonly undo: (value: number) => number;
}

interface ModelWording {
  /** Platt scaling is a line in log-odds, so the effects on the calibrated ones are those of the model times its slope. */
  readonly slope: number;
  readonly wordings: ReadonlyMap<number, Wording>;
}

const known = new WeakMap<ModelFile, ModelWording>();

function wordingOf(model: ModelFile, state: LogisticState): ModelWording {
  const made = known.get(model);
  if (made !== undefined) return made;
  const names = [...model.features, ...(state.kinds?.names ?? [])];
  const wording = {
    slope: model.calibrator.kind === "platt" ? -model.calibrator.a : 1,
    wordings: new Map(state.columns.map((column, k) => [column, wordsFor(names[column] ?? "", state.mean[k])])),
  };
  known.set(model, wording);
  return wording;
}

function wordsFor(feature: string, mean = Number.NaN): Wording {
  const undo = MEANING.get(feature)?.undo ?? ((x: number) => x);
  const what = feature
    .replace(/^log_/, "")
    .replace(/^kind_/, "of the kind with ")
    .replaceAll("_", " ")
    .replace(/ next (\d+)d$/, " in the next $1 days")
    .replace(/ (\d+)d$/, " in $1 days");
  return { feature, what, usual: brief(undo(mean)), undo };
}

/** "thumbs down per song 0.031, usually 0.012: raises the odds by 40%" */
function inWords({ what, usual, undo }: Wording, value: number, effect: number): string {
  const change = Math.exp(effect) - 1;
  const percent = change > TENFOLD ? "more than tenfold" : `by ${Math.abs(change * 100).toFixed(0)}%`;
  return `${what} ${brief(undo(value))}, usually ${usual}: ${change > 0 ? "raises" : "lowers"} the odds ${percent}`;
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
