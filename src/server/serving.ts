import type { UserView } from "../pipeline/live/live-scorer.js";
import type { Taken } from "../pipeline/live/service.js";
import type { ModelInfo } from "../pipeline/live/serving-model.js";
import type { PredictionDocument } from "../schema/documents.js";

export type FeatureValues = Readonly<Record<string, number | null>>;

/**
 * What the routes serve from. Read anew by each request, so that a model may be loaded or replaced while we listen.
 * `scoreUser` and `scoreFeatures` are called only while `model` is there, with features that the model names.
 */
export interface ServingState {
  readonly model: ModelInfo | null;
  /** The moment that scores speak of, ISO 8601. */
  readonly asOf: string | null;
  /** The last event that scores could know of, ISO 8601. */
  readonly freshThrough: string | null;
  /** `null` for a user that is not known. */
  scoreUser(id: string): Promise<PredictionDocument | null>;
  /** A feature that is absent or null is missing. */
  scoreFeatures(features: FeatureValues): PredictionDocument;
  reportHtml(): string;
  /** Null until the live store is open. */
  readonly live: LiveSource | null;
}

/** Events in, and what is known of a user. */
export interface LiveSource {
  /** When it resolves, what is accepted is committed. */
  add(events: readonly unknown[]): Promise<Taken>;
  /** As of a moment, null the end of the data; `null` for a user of whom nothing is known by then. */
  user(id: string, asOfMs: number | null): Promise<UserView | null>;
}
