import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { matrix } from "../../src/base/matrix.js";
import { seededRng } from "../../src/base/rng.js";
import type { World } from "../../src/base/world.js";
import { POINT_IN_TIME } from "../../src/features/catalogue.js";
import { fitHazard } from "../../src/models/survival/hazard.js";
import { loadModel, promoteModel, registerModel } from "../../src/registry/local.js";
import { type SurvivalModel, versioned } from "../../src/registry/model-file.js";

const STORED = join(import.meta.dirname, "../fixtures/home-0.1/home");

/**
 * A copy of the stored home: a lake of eight simulated listeners, and its model as if it had been trained by this version, with a
 * survival view that is made up. Training one takes minutes; what it says of users is of no matter where it is used.
 */
export function storedHome(home: string, world: World): void {
  cpSync(STORED, home, { recursive: true });
  const { version: _, ...body } = loadModel(home).model;
  const accumulators = Object.fromEntries(
    Object.entries(POINT_IN_TIME.accumulators).map(([name, { version }]) => [name, version]),
  );
  const model = versioned({ ...body, catalogue: { ...body.catalogue, accumulators }, survival: madeUp() });
  rmSync(join(home, "models"), { recursive: true });
  registerModel(home, model, world);
  promoteModel(home, model.version);
}

/** The hazard of rows that leave the sooner the less they listened and the longer they were silent. */
function madeUp(): SurvivalModel {
  const rng = seededRng("made up");
  const rows = 200;
  const x = matrix(rows, 2);
  for (let row = 0; row < rows; row++) x.data.set([rng.exponential(50), rng.exponential(3)], 2 * row);
  const days = Float64Array.from({ length: rows }, (_, row) => {
    const [songs = 0, silent = 0] = x.data.subarray(2 * row, 2 * row + 2);
    return Math.min(40, rng.exponential(20 + songs / 3) / (1 + silent / 6));
  });
  const event = Uint8Array.from(days, (day) => (day < 40 ? 1 : 0));
  const followUp = { days, event, watchedDays: new Float64Array(rows).fill(40) };
  const state = fitHazard(x, followUp, { intervalDays: 5, intervals: 6, columns: [0, 1], C: 1 });
  return { features: ["songs_28d", "days_since_last_event"], state };
}
