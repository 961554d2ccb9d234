import { RefrainError } from "../../base/errors.js";
import type { World } from "../../base/world.js";
import { loadModel, modelPath, readIndex } from "../../registry/local.js";
import { type ModelFile, withRiskLevels } from "../../registry/model-file.js";
import type { RiskScale } from "../../schema/config.js";
import type { Metrics, TrainingDocument } from "../../schema/documents.js";
import { checkDefinitions } from "../predict.js";

/** What is told of a model in use. */
export interface ModelInfo {
  readonly version: string;
  readonly uri: string;
  /** ISO 8601. */
  readonly lastUpdated: string;
  readonly features: readonly string[];
  readonly metrics: Metrics;
  readonly protocol: TrainingDocument["protocol"];
  readonly threshold: number;
  readonly audits: TrainingDocument["audits"];
  /** Whether any event it learned from comes from `simulate`. */
  readonly simulated: boolean;
}

interface Loaded {
  readonly model: ModelFile;
  readonly info: ModelInfo;
}

/**
 * The champion of a home, in memory. It is swapped as a whole: who has read `current` goes on with the model that was there,
 * so that no request sees two.
 */
export class ServingModel {
  readonly #home: string;
  readonly #scale: RiskScale;
  #current: Loaded | null = null;
  /** What was last found wrong: said once. */
  #said: string | null = null;

  /** Loads nothing yet. */
  constructor(home: string, scale: RiskScale = "relative") {
    this.#home = home;
    this.#scale = scale;
  }

  /** Null while there is no model. */
  get current(): Loaded | null {
    return this.#current;
  }

  #refresh(): boolean {
    const { champion } = readIndex(this.#home);
    if (champion === (this.#current?.model.version ?? null)) return false;
    this.#current = champion === null ? null : loaded(this.#home, champion, this.#scale);
    return true;
  }

  /**
   * Loads the champion where it is another than before, and says whether it was. What is wrong with it, as that its features mean
   * something else now, is said, and the one before serves on.
   */
  follow({ log }: Pick<World, "log">): boolean {
    try {
      const changed = this.#refresh();
      if (changed) log.info(`Model in use: ${this.#current?.model.version ?? "none"}`);
      return changed;
    } catch (error) {
      if (!(error instanceof RefrainError)) throw error;
      if (error.message !== this.#said)
        log.warn(`${error.message} ${error.hint} Model in use: ${this.#current?.model.version ?? "none"}`);
      this.#said = error.message;
      return false;
    }
  }
}

function loaded(home: string, version: string, scale: RiskScale): Loaded {
  const { model, entry } = loadModel(home, version);
  checkDefinitions(model);
  return {
    model: withRiskLevels(model, scale),
    info: {
      version,
      uri: modelPath(home, version),
      lastUpdated: entry.registeredAt,
      features: model.features,
      metrics: model.metrics,
      protocol: model.protocol,
      threshold: model.threshold.value,
      audits: model.audits,
      simulated: model.training.simulated,
    },
  };
}
