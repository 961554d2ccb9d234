import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { RefrainError } from "../base/errors.js";
import { type RegistryEntry, registryFolder } from "./index-file.js";
import { type ModelFile, sha256 } from "./model-file.js";

export const modelPath = (home: string, version: string): string => join(registryFolder(home), `${version}.json`);

/** A model as it was registered. Fails with MODEL_BROKEN where a byte of it changed. */
export function readIntact(home: string, entry: RegistryEntry): ModelFile {
  const path = modelPath(home, entry.version);
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  if (sha256(text) !== entry.sha256) throw new RefrainError("MODEL_BROKEN", { version: entry.version });
  return JSON.parse(text) as ModelFile;
}

export function isIntact(home: string, { version, sha256: recorded }: RegistryEntry): boolean {
  const path = modelPath(home, version);
  return existsSync(path) && sha256(readFileSync(path)) === recorded;
}

/** What a version says of itself, whole or not; null where it cannot be read. */
export function readModel(home: string, version: string): ModelFile | null {
  try {
    return JSON.parse(readFileSync(modelPath(home, version), "utf8")) as ModelFile;
  } catch {
    return null;
  }
}
