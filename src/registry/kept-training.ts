import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TrainingDocument } from "../schema/documents.js";
import { writeAtomically } from "../store/atomic-file.js";

const pathOf = (home: string, version: string): string => join(home, "trainings", `${version}.json`);

/** Keeps what a training found beside its model: the plots' curves, densities and calibration are not in the model file. */
export function keepTraining(home: string, document: TrainingDocument): void {
  if (document.version !== null) writeAtomically(pathOf(home, document.version), `${JSON.stringify(document)}\n`);
}

/** What the training of a version found; null where it is not kept, as of imported models and those of older versions. */
export function readTraining(home: string, version: string): TrainingDocument | null {
  const path = pathOf(home, version);
  try {
    return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as TrainingDocument) : null;
  } catch {
    return null;
  }
}
