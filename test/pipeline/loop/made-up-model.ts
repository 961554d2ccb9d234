import { join } from "node:path";
import type { World } from "../../../src/base/world.js";
import { POINT_IN_TIME } from "../../../src/features/catalogue.js";
import { loadModel, promoteModel, registerModel } from "../../../src/registry/local.js";
import { type ModelBody, type ModelFile, versioned } from "../../../src/registry/model-file.js";

const STORED = join(import.meta.dirname, "../../fixtures/home-0.1/home");

/** The model of the stored home as if this version had trained it on data up to a moment. What it says of users is of no matter. */
export function madeUpModel(throughMs: number, changes: Partial<ModelBody> = {}): ModelFile {
  const { version: _, ...body } = loadModel(STORED).model;
  const accumulators = Object.fromEntries(
    Object.entries(POINT_IN_TIME.accumulators).map(([name, { version }]) => [name, version]),
  );
  const catalogue = { ...body.catalogue, accumulators };
  return versioned({ ...body, catalogue, training: { ...body.training, throughMs }, ...changes });
}

export function promoteMadeUp(home: string, model: ModelFile, world: World): void {
  registerModel(home, model, world);
  promoteModel(home, model.version);
}
