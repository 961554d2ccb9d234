import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { RefrainError } from "../base/errors.js";
import { writeAtomically } from "../store/atomic-file.js";

/** Why a model was trained: somebody asked, or the loop found that it was due. */
const CAUSES = ["manual", "time", "drift", "quality"] as const;

const entrySchema = z.object({
  version: z.string(),
  sha256: z.string(),
  registeredAt: z.string(),
  protocol: z.string(),
  leaky: z.boolean(),
  verdict: z.enum(["passed", "inconclusive", "failed"]).nullable(),
  metrics: z.record(z.string(), z.number().nullable()),
  /** Absent: manual. */
  cause: z.enum(CAUSES).optional(),
  /** The entry of the ledger of retrainings that made it. */
  ledgerId: z.union([z.string(), z.number()]).optional(),
  /** Of a challenger: why it is one, and not the champion. */
  reasons: z.array(z.string()).optional(),
});

const indexSchema = z.object({
  versions: z.array(entrySchema),
  /** The model that serves, and those that served before it, latest first. */
  champion: z.string().nullable(),
  previous: z.array(z.string()),
  /** Those that score in the shadow of the champion, the one that came last at the end. */
  challengers: z.array(z.string()).default([]),
  /** Names of one's own, each of one version. */
  aliases: z.record(z.string(), z.string()).default({}),
  /** Versions that somebody took out of service: only somebody brings them back. */
  rolledBack: z.array(z.string()).default([]),
});

export type RegistryEntry = z.infer<typeof entrySchema>;
export type RegistryIndex = z.infer<typeof indexSchema>;
export type TrainingCause = (typeof CAUSES)[number];

const EMPTY: RegistryIndex = {
  versions: [],
  champion: null,
  previous: [],
  challengers: [],
  aliases: {},
  rolledBack: [],
};

export const registryFolder = (home: string): string => join(home, "models");
const indexFile = (home: string): string => join(registryFolder(home), "index.json");

/** The versions of a home, oldest first, and what each is for. Fails with FILE_UNREADABLE. */
export function readIndex(home: string): RegistryIndex {
  const path = indexFile(home);
  if (!existsSync(path)) return structuredClone(EMPTY);
  try {
    return indexSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (cause) {
    throw new RefrainError("FILE_UNREADABLE", { path, reason: "it is not a list of models" }, cause);
  }
}

/** Whoever changes the index holds the home lock from before it was read. */
export function writeIndex(home: string, index: RegistryIndex): void {
  writeAtomically(indexFile(home), `${JSON.stringify(index, null, 2)}\n`);
}

/** Fails with MODEL_UNKNOWN. */
export function entryOf({ versions }: RegistryIndex, version: string): RegistryEntry {
  const entry = versions.find((other) => other.version === version);
  if (entry === undefined) throw new RefrainError("MODEL_UNKNOWN", { version });
  return entry;
}

/** The index with an entry of it changed. */
export function withEntry(index: RegistryIndex, changed: RegistryEntry): RegistryIndex {
  return { ...index, versions: index.versions.map((entry) => (entry.version === changed.version ? changed : entry)) };
}
