import type { MetricName, Verdict } from "../schema/documents.js";
import type { LabelWords } from "../schema/label-words.js";

const MODELS: Readonly<Record<string, string>> = {
  logistic: "Logistic regression",
  forest: "Random forest",
  boosting: "Gradient boosting",
  xgboost: "XGBoost",
  ensemble: "Ensemble",
  sequence: "Sequence model",
};

const RIVALS: Readonly<Record<string, string>> = {
  recency: "Recency alone",
  tenure: "Tenure alone",
  random: "A coin",
};

export const METRIC_LABELS = {
  averagePrecision: "Average precision",
  rocAuc: "ROC AUC",
  f1: "F1",
  precision: "Precision",
  recall: "Recall",
  brier: "Brier",
  brierSkill: "Brier skill",
  logLoss: "Log loss",
  ece: "ECE",
  eceExpected: "ECE if perfect",
  calibrationSlope: "Calibration slope",
  liftAt10: "Lift at 10%",
} as const satisfies Record<MetricName, string>;

export const VERDICTS = {
  passed: "Passed",
  inconclusive: "Inconclusive",
  failed: "Failed",
} as const satisfies Record<Verdict, string>;

export const PROTOCOLS = {
  "point-in-time": "point in time",
  "whole-history": "whole history (leaky)",
  table: "table",
} as const;

/** A name we have no words for is shown as a name: `deep_model` → `Deep model`. */
export function modelName(name: string): string {
  return Object.hasOwn(MODELS, name) ? (MODELS[name] ?? name) : spoken(name);
}

/** What a trivial rule says, where it says the same of everyone: of the label's event. */
export function rivalName(name: string, { third }: LabelWords): string {
  if (name === "everyone" || name === "nobody") return `${spoken(name)} ${third}`;
  return Object.hasOwn(RIVALS, name) ? (RIVALS[name] ?? name) : spoken(name);
}

/** `nearestKnownRow`, `not_json` and `no-user` as words. */
export function spoken(name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`)
    .replace(/[_-]+/g, " ")
    .trim();
  return words === "" ? name : words[0]?.toUpperCase() + words.slice(1);
}

/** Settings as `C 0.1, penalty l2`. */
export function paramsText(params: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(params).map(([name, value]) => `${name} ${valueText(value)}`);
  return parts.length === 0 ? "defaults" : parts.join(", ");
}

/** A list of names as `logistic + forest`, settings within settings in brackets. */
function valueText(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value.join(" + ");
  const isSettings = typeof value === "object" && value !== null && !Array.isArray(value);
  return isSettings ? `(${paramsText(value as Record<string, unknown>)})` : JSON.stringify(value);
}
