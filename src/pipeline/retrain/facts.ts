import type { Instant } from "../../base/time.js";
import type { World } from "../../base/world.js";
import type { RegistryEntry } from "../../registry/local.js";
import type { ModelFile } from "../../registry/model-file.js";
import type { Candidate } from "./candidate.js";
import type { DueFacts, DueRule } from "./due.js";
import type { LedgerEntry } from "./ledger.js";

/** What the rest of the loop knows. */
export interface DueSources {
  /** Matured quality of a model's stored scores; null where there is none. */
  quality(champion: ModelFile): Promise<DueFacts["quality"]>;
  /** The last drift check of this model with an alarm. */
  driftAlarm(champion: ModelFile): Promise<DueFacts["drift"]>;
  /** Why the data of these days cannot be trusted; empty: they can. */
  blockFlaws(block: Candidate["block"], world: World): Promise<readonly string[]>;
}

export async function factsOf(
  sources: DueSources,
  about: {
    readonly champion: ModelFile;
    readonly entry: RegistryEntry;
    readonly last: LedgerEntry | null;
    readonly now: Instant;
  },
): Promise<DueFacts> {
  const { champion, entry, last, now } = about;
  return {
    nowMs: now,
    championSinceMs: Date.parse(entry.registeredAt),
    lastAttemptMs: last?.begunAtMs ?? null,
    quality: await sources.quality(champion),
    drift: await sources.driftAlarm(champion),
  };
}

/** Floors that nobody set are the champion's own lower bounds. */
export function floorsOf({ intervals }: ModelFile, given: DueRule["floors"]): DueRule["floors"] {
  return {
    rocAuc: given.rocAuc ?? intervals.rocAuc?.low ?? null,
    liftAt10: given.liftAt10 ?? intervals.liftAt10?.low ?? null,
    f1: given.f1,
  };
}
