import { RefrainError } from "../base/errors.js";
import type { ErasureReceipt } from "../pipeline/erase/receipt.js";
import type { HomeSource } from "../pipeline/live/home-source.js";
import type { LiveService } from "../pipeline/live/service.js";
import type { ModelInfo } from "../pipeline/live/serving-model.js";
import type { LoopFigures } from "../pipeline/loop/loop-figures.js";
import type { Retrainer } from "../pipeline/retrain/retrainer.js";
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
  /** The models and the lake that the service goes on from. */
  readonly home: Pick<HomeSource, "registry" | "model" | "promote" | "rollBack" | "manifest">;
  /** Erases a user; what is served from then on knows nothing of him. Throws `USER_UNKNOWN`, and `STARTING` before the store is open. */
  erase(id: string): Promise<ErasureReceipt>;
  /** Null until the live store is open. */
  readonly live: LiveSource | null;
  /** What the loop has measured and found. Null until the live store is open. */
  readonly loop: Pick<LoopFigures, "quality" | "kpis" | "alerts" | "ack" | "gauges"> | null;
  /** Null until the live store is open. */
  readonly retrainings: Pick<Retrainer, "begin" | "list" | "get"> | null;
}

/** Events in, and what is known of users. */
export type LiveSource = Pick<
  LiveService,
  "add" | "user" | "counterfactual" | "timeline" | "follow" | "compact" | "retry" | "predictions" | "droppedPredictions"
> & {
  readonly quarantine: Pick<LiveService["quarantine"], "page" | "dropped">;
  readonly scores: Pick<LiveService["scores"], "page" | "all" | "of">;
  readonly loop: Pick<LiveService["loop"], "driftChecks" | "latestDrift">;
};

/** What the loop has found. Throws `STARTING` while the live store is not open. */
export function loopOf({ loop }: ServingState): NonNullable<ServingState["loop"]> {
  if (loop === null) throw new RefrainError("STARTING");
  return loop;
}

/** The live store. Throws `STARTING` while it is not open. */
export function opened({ live }: ServingState): LiveSource {
  if (live === null) throw new RefrainError("STARTING");
  return live;
}
