import { RefrainError } from "../base/errors.js";
import { entryOf, type RegistryIndex, readIndex, withEntry, writeIndex } from "./index-file.js";

/** Challengers that are kept: each costs the scoring of all users once a day. */
export const CHALLENGERS_KEPT = 3;

/**
 * Lets a version score in the shadow of the champion, and says why it is not the champion itself; again it gets the new reasons. Of
 * more than `CHALLENGERS_KEPT` the one that came first leaves. The champion stays what it is. A leaky model cannot score the present:
 * VALUE_BAD. Fails with MODEL_UNKNOWN. Needs the home lock.
 */
export function addChallenger(home: string, version: string, reasons: readonly string[]): void {
  const index = readIndex(home);
  const entry = entryOf(index, version);
  if (entry.leaky) {
    const advice = "It leaks the future, or nothing shows that it does not: it has no scores of the present.";
    throw new RefrainError("VALUE_BAD", { name: "a challenger", value: version, advice });
  }
  if (index.champion === version) return;
  const listed = withEntry(index, { ...entry, reasons: [...reasons] });
  const isNew = !index.challengers.includes(version);
  const challengers = isNew ? [...index.challengers, version] : index.challengers;
  const leaving = challengers.slice(0, -CHALLENGERS_KEPT);
  writeIndex(home, leaving.reduce(withoutChallenger, { ...listed, challengers }));
}

/** Ends a challenge, if there is one. Fails with MODEL_UNKNOWN. Needs the home lock. */
export function dropChallenger(home: string, version: string): void {
  const index = readIndex(home);
  entryOf(index, version);
  if (index.challengers.includes(version)) writeIndex(home, withoutChallenger(index, version));
}

/** The index where a version challenges nobody; its reasons are no more than the ledger's then. */
export function withoutChallenger(index: RegistryIndex, version: string): RegistryIndex {
  const { reasons: _, ...entry } = entryOf(index, version);
  const challengers = index.challengers.filter((other) => other !== version);
  return { ...withEntry(index, entry), challengers };
}
