import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { RefrainError } from "../base/errors.js";
import { isoOf } from "../base/time.js";
import type { World } from "../base/world.js";
import type { BackupManifest } from "../store/backup/manifest.js";
import { readBackup } from "../store/backup/read-backup.js";
import { writeBackup } from "../store/backup/write-backup.js";
import { withHomeLock } from "../store/home-lock.js";
import { homePaths } from "../store/home-paths.js";
import type { LiveDbPlace } from "../store/live/open-live-db.js";
import { withLiveLock } from "../store/live-lock.js";
import { readManifest } from "../store/manifest.js";
import { sweepLake } from "../store/sweep.js";

/**
 * Writes a home into one file, its live store too where that lies in it. Nobody else may have either open. Throws `HOME_LOCKED`,
 * `LIVE_STORE_IN_USE`, `VALUE_BAD` where the file would lie in the home.
 *
 * @param version of Refrain
 */
export async function backup(
  home: string,
  path: string,
  { place, version }: { readonly place: LiveDbPlace; readonly version: string },
  world: World,
): Promise<BackupManifest> {
  if (resolve(path).startsWith(`${resolve(home)}/`)) {
    throw new RefrainError("VALUE_BAD", {
      name: "the backup",
      value: path,
      advice: "Give a file outside of the home.",
    });
  }
  const isLive = existsSync(homePaths(home).live);
  const live = "url" in place ? "postgres" : isLive ? "home" : "none";
  return withLiveLock({ home }, "backup", () =>
    withHomeLock(home, "backup", async () => {
      sweepLake(home, readManifest(home));
      return writeBackup(home, path, { version, madeAt: isoOf(world.now()), live });
    }),
  );
}

/**
 * Makes a home of a backup. It is unpacked and looked at beside the home first, and takes its place when it is whole; what was there
 * before is kept under another name, which is returned. Throws `BACKUP_BROKEN`, `HOME_NEWER`, `HOME_NOT_EMPTY` unless `force`.
 */
export async function restore(
  home: string,
  path: string,
  { force }: { readonly force: boolean },
  world: World,
): Promise<{ readonly manifest: BackupManifest; readonly before: string | null }> {
  const target = resolve(home);
  const isEmpty = (): boolean => !existsSync(target) || readdirSync(target).every((name) => /lock/.test(name));
  if (!existsSync(path)) throw new RefrainError("PATH_ABSENT", { path });
  if (!isEmpty() && !force) throw new RefrainError("HOME_NOT_EMPTY", { home });
  const unpacked = `${target}.restoring-${process.pid}`;
  mkdirSync(dirname(target), { recursive: true });
  rmSync(unpacked, { recursive: true, force: true });
  try {
    const manifest = await readBackup(path, unpacked);
    const before = await takePlace(target, unpacked, isEmpty() ? null : `${target}.before-${world.now()}`);
    return { manifest, before };
  } finally {
    rmSync(unpacked, { recursive: true, force: true });
  }
}

/** Nobody may have the old home open; its locks go with it. */
async function takePlace(home: string, unpacked: string, aside: string | null): Promise<string | null> {
  if (!existsSync(home)) {
    renameSync(unpacked, home);
    return null;
  }
  return withLiveLock({ home }, "restore", () =>
    withHomeLock(home, "restore", async () => {
      const old = aside ?? `${unpacked}.empty`;
      renameSync(home, old);
      renameSync(unpacked, home);
      if (aside === null) rmSync(old, { recursive: true, force: true });
      return aside;
    }),
  );
}
