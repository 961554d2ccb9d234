import { AsyncLocalStorage } from "node:async_hooks";
import { resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { RefrainError } from "../base/errors.js";
import { releaseFileLock, takeFileLock } from "./file-lock.js";
import { homePaths } from "./home-paths.js";

/** What is going on under a hold; it goes on after the hold in whatever was begun there and not waited for. */
interface Hold {
  readonly home: string;
  isOver: boolean;
}

const held = new AsyncLocalStorage<Hold>();
let holds = 0;

/**
 * Runs `action` while this process alone may write to the lake and the models of `home`; calls inside it take part in the same
 * hold. A lock whose process is dead is taken over. Throws `HOME_LOCKED` otherwise.
 */
export async function withHomeLock<T>(home: string, command: string, action: () => Promise<T>): Promise<T> {
  const key = resolve(home);
  const outer = held.getStore();
  if (outer?.home === key && !outer.isOver) return action();
  const { lock } = homePaths(home);
  const holder = takeFileLock(lock, command);
  if (holder === "elsewhere") {
    throw new RefrainError("HOME_LOCKED", { home, pid: "unknown", command: "another start at the same moment" });
  }
  if (holder !== null) throw new RefrainError("HOME_LOCKED", { home, pid: holder.pid, command: holder.command });
  const hold = { home: key, isOver: false };
  holds++;
  try {
    return await held.run(hold, action);
  } finally {
    hold.isOver = true;
    // As long as anybody may ask for it, every promise of the process carries it along.
    if (--holds === 0) held.disable();
    releaseFileLock(lock);
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
