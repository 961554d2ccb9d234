import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { RefrainError } from "../base/errors.js";
import type { World } from "../base/world.js";
import type { UserId } from "../schema/user-id.js";
import { recoveredRowsOf } from "../store/erase-rows.js";
import { withHomeLock } from "../store/home-lock.js";
import { homePaths } from "../store/home-paths.js";
import type { LiveDb } from "../store/live/live-db.js";
import { readManifest } from "../store/manifest.js";
import { sweepLake } from "../store/sweep.js";
import { type RowKey, readTombstones, rowText, tombstoneOf, userText, writeTombstones } from "../store/tombstones.js";
import { eraseFromLake, type Replaced } from "./erase/erase-lake.js";
import { firstEventOf } from "./erase/first-event.js";
import { type PendingErasure, readPending, removePending, writePending } from "./erase/pending.js";
import { type ErasureReceipt, findReceipt, trainedWith, writeReceipt } from "./erase/receipt.js";
import { eraseLate, eraseLive, isKnownLive, type LiveRemoval } from "./live/erase-live.js";
import { syncTombstones } from "./live/sync-tombstones.js";
import { recoverIfNeeded } from "./recover.js";

const ID_DIGITS = 16;

/** Where an erasure reaches, beside the home. */
export interface ErasureReach {
  /** Null where the home has no live store. */
  readonly live: LiveDb | null;
  /** Text of 32 random bytes, from a source fit for secrets: the salt of the home's tombstones, where it has none yet. */
  readonly salt: string;
}

/**
 * Erases a user from a home and its live store: events, rows recovered for the user, states, predictions and whatever else is kept by
 * user id, what quarantine kept, and files that commands made from them. A tombstone then refuses the user's events. What was begun
 * is finished by the next call, whoever makes it. Erasing again gives the receipt again. Throws `USER_UNKNOWN`: a tombstone for an id
 * that was never seen would shut out somebody to come, for a slip of the pen.
 */
export function eraseUser(home: string, user: UserId, reach: ErasureReach, world: World): Promise<ErasureReceipt> {
  return withHomeLock(home, "erase", async () => {
    await finishErasure(home, reach.live, world);
    const { live } = reach;
    const tombstones = live === null ? readTombstones(home) : await syncTombstones(home, live);
    const firstTsMs = await firstEventOf(home, user, live, world);
    if (firstTsMs === null && (live === null || !(await isKnownLive(live, user)))) {
      const receipt = findReceipt(home, tombstones.hashesOf(userText(user)).map(idOf));
      if (receipt === null) throw new RefrainError("USER_UNKNOWN", { user });
      return receipt;
    }
    const salt = tombstones.salts[0] ?? reach.salt;
    const id = idOf(tombstoneOf(salt, userText(user)));
    writePending(home, { id, user, salt, startedAtMs: world.now(), hasLive: live !== null, firstTsMs, lake: null });
    const receipt = await finishErasure(home, live, world);
    if (receipt === null) throw new RefrainError("INTERNAL", { reason: "an erasure that was begun is gone" });
    return receipt;
  });
}

/**
 * Does what is left of an erasure that was broken off, if there is one. Needs the home lock. Throws `ERASURE_UNFINISHED` where it
 * reaches into a live store that is not given.
 */
export async function finishErasure(home: string, live: LiveDb | null, world: World): Promise<ErasureReceipt | null> {
  const pending = readPending(home);
  if (pending === null) return null;
  if (pending.hasLive && live === null) throw new RefrainError("ERASURE_UNFINISHED", { home });
  const { user, salt, id, startedAtMs } = pending;
  const tombstone = tombstoneOf(salt, userText(user));
  addTombstones(home, pending, [userText(user)]);
  const known = await rowsKnownInLake(home, user, world);
  const removal = live && (await eraseLive(live, { id, user, rows: known, salt, now: world.now() }));
  const rows = [...known, ...(removal?.recovered ?? [])];
  addTombstones(home, pending, rows.map(rowText));
  let { lake } = pending;
  const replaced = await eraseFromLake(
    home,
    {
      user,
      rows,
      note: (found) => {
        lake = found;
        writePending(home, { ...pending, lake });
      },
    },
    world,
  );
  if (live !== null) await noteReplaced(live, replaced, world);
  const removedFiles = removeMade(home);
  sweepLake(home, readManifest(home));
  const receipt = writeReceipt(home, pending, {
    tombstone,
    live: removal && counted(removal),
    lake: lake ?? { files: 0, events: 0, recovered: 0, quarantinedLines: 0 },
    removedFiles,
    trainedWith: trainedWith(home, pending),
  });
  if (live !== null) await eraseLate(live, user);
  await live?.query("DELETE FROM erasures WHERE id = $1", [id]);
  removePending(home);
  world.log.debug(`Erasure ${id}, begun ${startedAtMs}, is done`);
  // What was deleted lies in the files of the store until then.
  await live?.reclaim({ thorough: true });
  return receipt;
}

const idOf = (tombstone: string): string => tombstone.slice(0, ID_DIGITS);

const counted = ({ recovered, ...rest }: LiveRemoval) => ({ ...rest, recovered: recovered.length });

function addTombstones(home: string, { salt, startedAtMs }: PendingErasure, texts: readonly string[]): void {
  const before = readTombstones(home);
  const erased = texts.map((text): [string, number] => [tombstoneOf(salt, text), startedAtMs]);
  writeTombstones(home, before.with({ salts: [salt], erased }));
}

/** Rows that name nobody and are the user's by the attributions of the lake. */
async function rowsKnownInLake(home: string, user: UserId, world: World): Promise<RowKey[]> {
  return readManifest(home).files.length === 0 ? [] : recoveredRowsOf(await recoverIfNeeded(home, world), user, world);
}

/** So that no file is taken into the live store again for having another name. */
async function noteReplaced(live: LiveDb, replaced: Replaced, world: World): Promise<void> {
  for (const [path, file] of replaced) {
    const taken = await live.query("DELETE FROM lake_files WHERE path = $1 RETURNING path", [path]);
    if (taken.length === 0 || file === null) continue;
    await live.query("INSERT INTO lake_files (path, digest, taken_at_ms) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", [
      file.path,
      file.digest,
      world.now(),
    ]);
  }
}

/** Removes what was made from the events and may name the user; returns the names. */
function removeMade(home: string): string[] {
  const { folded, attributions, reports } = homePaths(home);
  const made = existsSync(reports) ? readdirSync(reports).map((name) => join("reports", name)) : [];
  for (const path of [folded, reports]) rmSync(path, { recursive: true, force: true });
  if (readManifest(home).attributions === null) rmSync(attributions, { force: true });
  return made.sort();
}
