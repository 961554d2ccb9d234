import { AsyncLocalStorage } from "node:async_hooks";
import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { RefrainError } from "../base/errors.js";
import { homePaths } from "./home-paths.js";

/** What the lock file says of its holder. */
interface LockHolder {
  readonly pid: number;
  readonly command: string;
  /** When the process began, in the system's own ticks: tells it from a later process with the same number. */
  readonly began?: string;
}

const held = new AsyncLocalStorage<string>();
let attempts = 0;

/**
 * Runs `action` while this process alone may write to `home`; calls inside it take part in the same hold.
 * A lock whose process is dead is taken over. Throws `HOME_LOCKED` otherwise.
 */
export async function withHomeLock<T>(home: string, command: string, action: () => Promise<T>): Promise<T> {
  const key = resolve(home);
  if (held.getStore() === key) return action();
  takeLock(home, command);
  try {
    return await held.run(key, action);
  } finally {
    if (lockHolder(home)?.pid === process.pid) rmSync(homePaths(home).lock, { force: true });
  }
}

const LOCK_TRIES = 150;
const LOCK_WAIT_MS = 200;

/** The same, but waits up to half a minute: minutes of work should not be lost to a command that holds the home for a moment. */
export async function waitForHomeLock<T>(home: string, command: string, action: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await withHomeLock(home, command, action);
    } catch (error) {
      const taken = error instanceof RefrainError && error.code === "HOME_LOCKED";
      if (!taken || attempt === LOCK_TRIES) throw error;
      await setTimeout(LOCK_WAIT_MS);
    }
  }
}

/** Who holds `home`, or `null`: nobody, or a process that is dead. */
function lockHolder(home: string): LockHolder | null {
  return liveHolderIn(homePaths(home).lock);
}

function liveHolderIn(file: string): LockHolder | null {
  try {
    const holder = JSON.parse(readFileSync(file, "utf8")) as LockHolder;
    return isAlive(holder) ? holder : null;
  } catch {
    return null;
  }
}

function takeLock(home: string, command: string): void {
  mkdirSync(home, { recursive: true });
  const { lock } = homePaths(home);
  const mine = join(home, `lock.${process.pid}.${attempts++}`);
  const began = beganOf(process.pid);
  writeFileSync(mine, JSON.stringify({ pid: process.pid, command, ...(began === null ? {} : { began }) }), {
    mode: 0o600,
  });
  try {
    for (let attempt = 0; attempt < 10; attempt++) {
      if (linked(mine, lock)) {
        sweepAttempts(home);
        return;
      }
      const holder = lockHolder(home);
      if (holder !== null) throw new RefrainError("HOME_LOCKED", { home, pid: holder.pid, command: holder.command });
      setAside(lock, `${mine}.stale`);
    }
    throw new RefrainError("HOME_LOCKED", { home, pid: "unknown", command: "another start at the same moment" });
  } finally {
    rmSync(mine, { force: true });
  }
}

/** A hard link is made or refused as one step, content and all. */
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Moves a dead process's lock away; one that another process took over at this very moment is put back. */
function setAside(lock: string, stale: string): void {
  try {
    renameSync(lock, stale);
    if (liveHolderIn(stale) !== null) linked(stale, lock);
    rmSync(stale, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

/** Removes what processes killed while they took the lock have left. */
function sweepAttempts(home: string): void {
  for (const name of readdirSync(home)) {
    const pid = /^lock\.(\d+)\.\d+(\.stale)?$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive({ pid: Number(pid), command: "" })) rmSync(join(home, name), { force: true });
  }
}

function isAlive(holder: LockHolder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  const began = beganOf(holder.pid);
  return began === null || holder.began === undefined || began === holder.began;
}

/** The start time of a process from `/proc` (field 22 of its stat), where there is such a folder. */
function beganOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}
