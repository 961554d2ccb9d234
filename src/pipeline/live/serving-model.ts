import { RefrainError } from "../../base/errors.js";
import type { World } from "../../base/world.js";
import { loadModel, modelPath, readIndex } from "../../registry/local.js";
import type { ModelFile } from "../../registry/model-file.js";
import type { Metrics, TrainingDocument } from "../../schema/documents.js";

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
  #current: Loaded | null = null;

  /** Throws `MODEL_BROKEN`; a home without a model is none. */
  constructor(home: string) {
    this.#home = home;
    this.refresh();
  }

  /** Null while there is no model. */
  get current(): Loaded | null {
    return this.#current;
  }

  /** Loads the champion where it is another than before, and says whether it was. Throws `MODEL_BROKEN` and keeps what it has. */
  refresh(): boolean {
    const { champion } = readIndex(this.#home);
    if (champion === (this.#current?.model.version ?? null)) return false;
    this.#current = champion === null ? null : loaded(this.#home, champion);
    return true;
  }

  /** The same for a service that goes on: what is wrong with a new champion is said, and the one before serves on. */
  follow({ log }: Pick<World, "log">): boolean {
    try {
      const changed = this.refresh();
      if (changed) log.info(`Serving ${this.#current?.model.version ?? "no model"}`);
      return changed;
    } catch (error) {
      if (!(error instanceof RefrainError)) throw error;
      log.warn(`${error.message} Serving ${this.#current?.model.version ?? "no model"} as before`);
      return false;
    }
  }
}

function loaded(home: string, version: string): Loaded {
  const { model, entry } = loadModel(home, version);
  return {
    model,
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
