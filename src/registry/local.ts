import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { RefrainError } from "../base/errors.js";
import { isoOf } from "../base/time.js";
import type { World } from "../base/world.js";
import { writeAtomically } from "../store/atomic-file.js";
import { type ModelFile, sha256 } from "./model-file.js";

const entrySchema = z.object({
  version: z.string(),
  sha256: z.string(),
  registeredAt: z.string(),
  protocol: z.string(),
  leaky: z.boolean(),
  verdict: z.enum(["passed", "inconclusive", "failed"]).nullable(),
  metrics: z.record(z.string(), z.number().nullable()),
});

const indexSchema = z.object({
  versions: z.array(entrySchema),
  /** The model that serves, and those that served before it, latest first. */
  champion: z.string().nullable(),
  previous: z.array(z.string()),
});

export type RegistryEntry = z.infer<typeof entrySchema>;
export type RegistryIndex = z.infer<typeof indexSchema>;

const folderOf = (home: string): string => join(home, "models");
const indexFile = (home: string): string => join(folderOf(home), "index.json");
export const modelPath = (home: string, version: string): string => join(folderOf(home), `${version}.json`);

/** The versions of a home, oldest first. Fails with FILE_UNREADABLE. */
export function readIndex(home: string): RegistryIndex {
  const path = indexFile(home);
  if (!existsSync(path)) return { versions: [], champion: null, previous: [] };
  try {
    return indexSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (cause) {
    throw new RefrainError("FILE_UNREADABLE", { path, reason: "it is not a list of models" }, cause);
  }
}

/** Writes the model and lists it. The same model again is the same version and changes nothing. */
export function registerModel(home: string, model: ModelFile, world: World): RegistryEntry {
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
  };
  writeIndex(home, { ...index, versions: [...index.versions, entry] });
  return entry;
}

/** Makes a version the one that serves. Fails with MODEL_UNKNOWN, or PROMOTION_BARRED for a leaky model or a failed audit. */
export function promoteModel(home: string, version: string): void {
  const index = readIndex(home);
  const entry = index.versions.find((other) => other.version === version);
  if (entry === undefined) throw new RefrainError("MODEL_UNKNOWN", { version });
  const leak =
    entry.protocol === "table" ? "nothing shows when its features were known" : "its protocol leaks the future";
  const bar = entry.leaky ? leak : entry.verdict === "failed" ? "it failed an audit" : null;
  if (bar !== null) throw new RefrainError("PROMOTION_BARRED", { version, reason: bar });
  if (index.champion === version) return;
  const previous = index.champion === null ? index.previous : [index.champion, ...index.previous];
  writeIndex(home, { ...index, champion: version, previous });
}

/** Gives the service back to the version before. Fails with NO_MODEL where there is none. */
export function rollBack(home: string): string {
  const index = readIndex(home);
  const [version, ...previous] = index.previous;
  if (version === undefined) throw new RefrainError("NO_MODEL", { home });
  writeIndex(home, { ...index, champion: version, previous });
  return version;
}

/** Reads a version (default: the champion) and checks its SHA-256. Fails with NO_MODEL, MODEL_UNKNOWN or MODEL_BROKEN. */
export function loadModel(home: string, wanted: string | null = null): { model: ModelFile; entry: RegistryEntry } {
  const index = readIndex(home);
  const version = wanted ?? index.champion;
  if (version === null) throw new RefrainError("NO_MODEL", { home });
  const entry = index.versions.find((other) => other.version === version);
  if (entry === undefined) throw new RefrainError("MODEL_UNKNOWN", { version });
  const path = modelPath(home, version);
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  if (sha256(text) !== entry.sha256) throw new RefrainError("MODEL_BROKEN", { version });
  return { model: JSON.parse(text) as ModelFile, entry };
}

/** What a version says of itself, whole or not; null where it cannot be read. */
export function readModel(home: string, version: string): ModelFile | null {
  try {
    return JSON.parse(readFileSync(modelPath(home, version), "utf8")) as ModelFile;
  } catch {
    return null;
  }
}

/** Every version with whether its file still matches its SHA-256. */
export function verifyModels(home: string): { version: string; intact: boolean }[] {
  return readIndex(home).versions.map(({ version, sha256: recorded }) => {
    const path = modelPath(home, version);
    return { version, intact: existsSync(path) && sha256(readFileSync(path)) === recorded };
  });
}

function writeIndex(home: string, index: RegistryIndex): void {
  writeAtomically(indexFile(home), `${JSON.stringify(index, null, 2)}\n`);
}
