import { RefrainError } from "../base/errors.js";
import { lockHolder, releaseFileLock, rewriteFileLock, takeFileLock } from "./file-lock.js";
import { homePaths } from "./home-paths.js";
import type { LiveDbPlace } from "./live/open-live-db.js";

/** Where the service that has a live store open answers, and what lets its own machine in. */
export interface RunningService {
  readonly address: string;
  readonly token: string;
}

/**
 * Runs `action` while this process alone may open a live store that lies in a home; PostgreSQL is for many. Throws
 * `LIVE_STORE_IN_USE` while another one has it.
 */
export async function withLiveLock<T>(place: LiveDbPlace, command: string, action: () => Promise<T>): Promise<T> {
  if (!("home" in place)) return action();
  const { home } = place;
  const { liveLock } = homePaths(home);
  const holder = takeFileLock(liveLock, command);
  if (holder !== null) {
    const { pid, command: other } = holder === "elsewhere" ? { pid: "unknown", command: "another start" } : holder;
    throw new RefrainError("LIVE_STORE_IN_USE", { home, pid, command: other });
  }
  try {
    return await action();
  } finally {
    releaseFileLock(liveLock);
  }
}

/** Tells other commands how to reach this process, which holds the live store. */
export function announceService(home: string, { address, token }: RunningService): void {
  rewriteFileLock(homePaths(home).liveLock, { address, token });
}

/** The service that has the live store of `home` open; null where there is none, or it is not there yet. */
export function runningService(home: string): RunningService | null {
  const holder = lockHolder(homePaths(home).liveLock);
  if (holder === null) return null;
  const { address, token } = holder;
  return typeof address === "string" && typeof token === "string" ? { address, token } : null;
}
