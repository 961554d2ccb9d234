import { RefrainError } from "../base/errors.js";
import { versionNamed } from "./aliases.js";
import { barOf } from "./bar.js";
import { withoutChallenger } from "./challengers.js";
import { entryOf, type RegistryEntry, type RegistryIndex, readIndex, writeIndex } from "./index-file.js";
import { isIntact, readIntact } from "./stored-model.js";

interface Promotion {
  /** Whether a person asks for this very version: only a person brings back what was rolled back. */
  readonly asked?: boolean;
}

/**
 * Makes a version, or the one of an alias, the one that serves; what served before waits for a rollback. It is no challenger from then
 * on. Fails with MODEL_UNKNOWN, MODEL_BROKEN, or PROMOTION_BARRED for a leaky model, a failed audit, or one that was rolled back.
 * Needs the home lock, as all that changes the registry. Returns the version.
 */
export function promoteModel(home: string, wanted: string, { asked = false }: Promotion = {}): string {
  const index = readIndex(home);
  const version = versionNamed(index, wanted);
  const wasRolledBack = index.rolledBack.includes(version) && !asked;
  const reason =
    barOf(readIntact(home, entryOf(index, version))) ??
    (wasRolledBack ? "it was rolled back; refrain models promote brings it back" : null);
  if (reason !== null) throw new RefrainError("PROMOTION_BARRED", { version, reason });
  if (index.champion !== version) writeIndex(home, withChampion(index, version));
  return version;
}

/** Whether a version may be promoted without somebody asking for it: it was not rolled back, and nothing bars it. */
export function mayBePromoted(home: string, version: string): boolean {
  const index = readIndex(home);
  return !index.rolledBack.includes(version) && barOf(readIntact(home, entryOf(index, version))) === null;
}

function withChampion(index: RegistryIndex, version: string): RegistryIndex {
  const served = index.champion === null ? index.previous : [index.champion, ...index.previous];
  const others = (versions: readonly string[]) => versions.filter((other) => other !== version);
  const rest = withoutChallenger(index, version);
  return { ...rest, champion: version, previous: others(served), rolledBack: others(index.rolledBack) };
}

function isFit(home: string, entry: RegistryEntry): boolean {
  return isIntact(home, entry) && barOf(readIntact(home, entry)) === null;
}

/**
 * Gives the service back to the latest version before that is still whole. The one that served is remembered as rolled back: neither a
 * further rollback nor the loop brings it back. Fails with NO_MODEL where none served before, MODEL_BROKEN where none is whole.
 */
export function rollBack(home: string): string {
  const index = readIndex(home);
  const { champion, previous, rolledBack } = index;
  const [latest] = previous;
  if (latest === undefined) throw new RefrainError("NO_MODEL", { home });
  const at = previous.findIndex((version) => isFit(home, entryOf(index, version)));
  const version = previous[at];
  if (version === undefined) throw new RefrainError("MODEL_BROKEN", { version: latest });
  writeIndex(home, {
    ...withoutChallenger(index, version),
    champion: version,
    previous: previous.slice(at + 1),
    rolledBack: champion === null ? rolledBack : [...rolledBack, champion],
  });
  return version;
}
