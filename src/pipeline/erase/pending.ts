import { chmodSync, existsSync, readFileSync, rmSync } from "node:fs";
import { z } from "zod";
import { writeAtomically } from "../../store/atomic-file.js";
import { homePaths } from "../../store/home-paths.js";

const removedSchema = z.object({
  files: z.number().int(),
  events: z.number().int(),
  recovered: z.number().int(),
  quarantinedLines: z.number().int(),
});

/** What was removed from the lake. */
export type LakeRemoval = z.infer<typeof removedSchema>;

const pendingSchema = z.object({
  /** The beginning of the tombstone. */
  id: z.string(),
  user: z.string(),
  salt: z.string(),
  startedAtMs: z.number(),
  /** Whether there is a live store to erase from. */
  hasLive: z.boolean(),
  /** The user's first event, null where none is known. */
  firstTsMs: z.number().nullable(),
  /** Null until it is known. */
  lake: removedSchema.nullable(),
});

/** An erasure that is under way: the only place where the user is still named, until it is done. */
export type PendingErasure = z.infer<typeof pendingSchema>;

export function readPending(home: string): PendingErasure | null {
  if (!existsSync(fileOf(home))) return null;
  return pendingSchema.parse(JSON.parse(readFileSync(fileOf(home), "utf8")));
}

export function writePending(home: string, pending: PendingErasure): void {
  writeAtomically(fileOf(home), JSON.stringify(pending));
  chmodSync(fileOf(home), 0o600);
}

export function removePending(home: string): void {
  rmSync(fileOf(home), { force: true });
}

function fileOf(home: string): string {
  return homePaths(home).pendingErasure;
}
