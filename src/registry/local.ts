import { RefrainError } from "../base/errors.js";
import { isoOf } from "../base/time.js";
import type { World } from "../base/world.js";
import { writeAtomically } from "../store/atomic-file.js";
import { versionNamed } from "./aliases.js";
import { barOf } from "./bar.js";
import { entryOf, type RegistryEntry, readIndex, type TrainingCause, writeIndex } from "./index-file.js";
import { type ModelFile, sha256 } from "./model-file.js";
import { isIntact, modelPath, readIntact } from "./stored-model.js";

export { aliasesOf, nameVersion, unnameVersion } from "./aliases.js";
export { addChallenger, CHALLENGERS_KEPT, dropChallenger } from "./challengers.js";
export { mayBePromoted, promoteModel, rollBack } from "./champion.js";
export { type RegistryEntry, type RegistryIndex, readIndex } from "./index-file.js";
export { modelPath, readModel } from "./stored-model.js";

/** What the loop trained, and the entry of its ledger. */
interface Made {
  readonly model: ModelFile;
  readonly cause: TrainingCause;
  readonly ledgerId: string | number;
}

/** Writes the model and lists it. The same model again is the same version and changes nothing. */
export function registerModel(home: string, model: ModelFile, world: World): RegistryEntry {
  return register(home, model, {}, world);
}

/** The same, of a model that was not trained because somebody asked. */
export function registerMade(home: string, { model, ...origin }: Made, world: World): RegistryEntry {
  return register(home, model, origin, world);
}

function register(home: string, model: ModelFile, origin: Partial<Omit<Made, "model">>, world: World): RegistryEntry {
  const text = `${JSON.stringify(model)}\n`;
  const index = readIndex(home);
  const known = index.versions.find(({ version }) => version === model.version);
  if (known !== undefined) return known;
  writeAtomically(modelPath(home, model.version), text);
  const entry: RegistryEntry = {
    version: model.version,
    sha256: sha256(text),
    registeredAt: isoOf(world.now()),
    protocol: model.protocol,
    leaky: model.leaky,
    verdict: model.audits?.verdict ?? null,
    metrics: { ...model.metrics },
    ...origin,
  };
  writeIndex(home, { ...index, versions: [...index.versions, entry] });
  return entry;
}

/**
 * Reads a version, or the one of an alias (default: the champion), and checks its SHA-256. A champion that may not be one, as somebody
 * may have written it into the index, is not loaded. Fails with NO_MODEL, MODEL_UNKNOWN, MODEL_BROKEN or PROMOTION_BARRED.
 */
export function loadModel(home: string, wanted: string | null = null): { model: ModelFile; entry: RegistryEntry } {
  const index = readIndex(home);
  const version = wanted === null ? index.champion : versionNamed(index, wanted);
  if (version === null) throw new RefrainError("NO_MODEL", { home });
  const entry = entryOf(index, version);
  const model = readIntact(home, entry);
  const reason = version === index.champion ? barOf(model) : null;
  if (reason !== null) throw new RefrainError("PROMOTION_BARRED", { version, reason });
  return { model, entry };
}

/** Every version with whether its file still matches its SHA-256. */
export function verifyModels(home: string): { version: string; intact: boolean }[] {
  return readIndex(home).versions.map((entry) => ({ version: entry.version, intact: isIntact(home, entry) }));
}
