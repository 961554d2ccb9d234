import { RefrainError } from "../base/errors.js";
import type { ModelInfo } from "../pipeline/live/serving-model.js";
import type { PredictionDocument } from "../schema/documents.js";
import type { BatchItem, Prediction } from "./api.js";
import { FieldsError } from "./problem.js";
import type { FeatureValues, ServingState } from "./serving.js";

/** The model in use. Throws STARTING, NO_MODEL. */
export function loadedModel(serving: ServingState): ModelInfo {
  if (serving.live === null) throw new RefrainError("STARTING");
  if (serving.model === null) throw new RefrainError("NO_MODEL", { home: "the home folder of this service" });
  return serving.model;
}

/** Throws NO_MODEL, USER_UNKNOWN. */
export async function predictUser(serving: ServingState, id: string): Promise<Prediction> {
  const model = loadedModel(serving);
  // Before anything is awaited, as the score itself: both could be others afterwards.
  const moments = momentsOf(serving);
  const scored = await serving.scoreUser(id);
  if (scored === null) throw new RefrainError("USER_UNKNOWN", { user: id });
  return answerOf(moments, model, scored, id);
}

/** Throws NO_MODEL; names the features that the model does not know. */
export function predictFeatures(serving: ServingState, features: FeatureValues): Prediction {
  const model = loadedModel(serving);
  const known = namesOf(model);
  // Most callers give them in the model's order.
  const unknown = Object.keys(features).filter((name, i) => name !== model.features[i] && !known.has(name));
  if (unknown.length > 0) {
    throw new FieldsError(
      unknown.map((name) => ({ field: `features.${name}`, message: "the model has no such feature" })),
    );
  }
  return answerOf(momentsOf(serving), model, serving.scoreFeatures(features), null);
}

const names = new WeakMap<ModelInfo, ReadonlySet<string>>();

function namesOf(model: ModelInfo): ReadonlySet<string> {
  const known = names.get(model) ?? new Set(model.features);
  names.set(model, known);
  return known;
}

/** One item per id, in order; a user nobody knows has an error instead of a score. */
export async function predictBatch(serving: ServingState, ids: readonly string[]): Promise<BatchItem[]> {
  const model = loadedModel(serving);
  const moments = momentsOf(serving);
  const scores = await Promise.all(ids.map((id) => serving.scoreUser(id)));
  return ids.map((id, i) => {
    const scored = scores[i] ?? null;
    if (scored !== null) return answerOf(moments, model, scored, id);
    const { code, message } = new RefrainError("USER_UNKNOWN", { user: id });
    return { user_id: id, error: { code, message } };
  });
}

/** Of which time a score is. */
type Moments = Pick<ServingState, "asOf" | "freshThrough">;

const momentsOf = ({ asOf, freshThrough }: ServingState): Moments => ({ asOf, freshThrough });

export function answerOf(
  { asOf, freshThrough }: Moments,
  model: ModelInfo,
  scored: PredictionDocument,
  userId: string | null,
): Prediction {
  return {
    user_id: userId,
    churn_probability: scored.churn_probability,
    churn_prediction: scored.churn_prediction,
    risk_level: scored.risk_level,
    at_risk: scored.at_risk,
    ...(scored.expected_days_left === undefined ? {} : { expected_days_left: scored.expected_days_left }),
    model_version: model.version,
    as_of: asOf,
    fresh_through: freshThrough,
    reasons: scored.reasons.map((reason) => ({ ...reason })),
  };
}
