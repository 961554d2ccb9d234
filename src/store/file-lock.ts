import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** What a lock file says of its holder. */
export interface LockHolder {
  readonly pid: number;
  readonly command: string;
  /** When the process began, in the system's own ticks: tells it from a later process with the same number. */
  readonly began?: string;
}

const TRIES = 10;
let attempts = 0;

/**
 * Takes the lock for this process; that of a dead one is taken over. Returns null when it has it, otherwise who has it, or
 * `elsewhere` where others kept getting in between.
 */
export function takeFileLock(lock: string, command: string): LockHolder | "elsewhere" | null {
  mkdirSync(dirname(lock), { recursive: true });
  const mine = `${lock}.${process.pid}.${attempts++}`;
  writeHolder(mine, holderOfMine(command));
  try {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      if (linked(mine, lock)) {
        sweepAttempts(lock);
        return null;
      }
      const holder = lockHolder(lock);
      if (holder !== null) return holder;
      setAside(lock, `${mine}.stale`);
    }
    return "elsewhere";
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Says more of this process, which holds the lock. */
export function rewriteFileLock(lock: string, more: Readonly<Record<string, string>>): void {
  const holder = lockHolder(lock);
  if (holder?.pid !== process.pid) return;
  const mine = `${lock}.${process.pid}.${attempts++}`;
  writeHolder(mine, { ...holder, ...more });
  renameSync(mine, lock);
}

export function releaseFileLock(lock: string): void {
  if (lockHolder(lock)?.pid === process.pid) rmSync(lock, { force: true });
}

/** Who holds the lock, with whatever else the file says; null: nobody, or a process that is dead. */
export function lockHolder(lock: string): (LockHolder & Readonly<Record<string, unknown>>) | null {
  try {
    const holder = JSON.parse(readFileSync(lock, "utf8")) as LockHolder & Readonly<Record<string, unknown>>;
    return isAlive(holder) ? holder : null;
  } catch {
    return null;
  }
}

function holderOfMine(command: string): LockHolder {
  const began = beganOf(process.pid);
  return { pid: process.pid, command, ...(began === null ? {} : { began }) };
}

/** For its owner's eyes only. */
function writeHolder(file: string, holder: LockHolder): void {
  writeFileSync(file, JSON.stringify(holder), { mode: 0o600 });
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
    if (lockHolder(stale) !== null) linked(stale, lock);
    rmSync(stale, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

/** Removes what processes killed while they took the lock have left. */
function sweepAttempts(lock: string): void {
  const [folder, prefix] = [dirname(lock), `${basename(lock)}.`];
  for (const name of readdirSync(folder)) {
    const pid = name.startsWith(prefix) ? /^(\d+)\.\d+(\.stale)?$/.exec(name.slice(prefix.length))?.[1] : undefined;
    if (pid !== undefined && !isAlive({ pid: Number(pid), command: "" })) rmSync(join(folder, name), { force: true });
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
