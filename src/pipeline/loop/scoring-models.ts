import { RefrainError } from "../../base/errors.js";
import type { World } from "../../base/world.js";
import { loadModel, type RegistryIndex, readIndex } from "../../registry/local.js";
import type { ModelFile } from "../../registry/model-file.js";
import { checkDefinitions } from "../predict.js";

export interface ScoringModels {
  /** Null where none serves, or it cannot be used. */
  readonly champion: ModelFile | null;
  /** The champion first, then the challengers that predict the same label. */
  readonly all: readonly ModelFile[];
}

/** What scores in a home. A model that cannot be used is said to be so, and left out. */
export function scoringModels(home: string, world: Pick<World, "log">): ScoringModels {
  const index: RegistryIndex & { readonly challengers?: readonly string[] } = readIndex(home);
  const champion = index.champion === null ? null : usable(home, index.champion, world);
  const challengers = (index.challengers ?? [])
    .filter((version) => version !== index.champion)
    .map((version) => usable(home, version, world))
    .filter((model) => model !== null && (champion === null || model.label.name === champion.label.name));
  return { champion, all: [champion, ...challengers].filter((model) => model !== null) };
}

function usable(home: string, version: string, { log }: Pick<World, "log">): ModelFile | null {
  try {
    const { model } = loadModel(home, version);
    checkDefinitions(model);
    return model.leaky ? null : model;
  } catch (error) {
    if (!(error instanceof RefrainError)) throw error;
    log.warn(`${error.message} It scores nobody.`);
    return null;
  }
}
