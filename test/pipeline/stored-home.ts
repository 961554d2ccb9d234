import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { World } from "../../src/base/world.js";
import { POINT_IN_TIME } from "../../src/features/catalogue.js";
import { loadModel, promoteModel, registerModel } from "../../src/registry/local.js";
import { versioned } from "../../src/registry/model-file.js";

const STORED = join(import.meta.dirname, "../fixtures/home-0.1/home");

/**
 * A copy of the stored home: a lake of eight simulated listeners, and its model as if it had been trained by this version. Training
 * one takes minutes; what it says of users is of no matter where it is used.
 */
export function storedHome(home: string, world: World): void {
  cpSync(STORED, home, { recursive: true });
  const { version: _, ...body } = loadModel(home).model;
  const accumulators = Object.fromEntries(
    Object.entries(POINT_IN_TIME.accumulators).map(([name, { version }]) => [name, version]),
  );
  const model = versioned({ ...body, catalogue: { ...body.catalogue, accumulators } });
  rmSync(join(home, "models"), { recursive: true });
  registerModel(home, model, world);
  promoteModel(home, model.version);
}
