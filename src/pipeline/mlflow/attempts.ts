import { RefrainError } from "../../base/errors.js";
import type { World } from "../../base/world.js";
import type { MlflowHttp } from "../../registry/mlflow/http.js";
import { releaseFileLock, takeFileLock } from "../../store/file-lock.js";
import { readReceipts, uploadLock, writeReceipts } from "./receipts.js";
import { isMirrored, type SyncDocument, syncMlflow, targetOf } from "./sync.js";

const FIRST_WAIT_MS = 60_000;
const LONGEST_WAIT_MS = 3_600_000;

interface AttemptOptions {
  readonly http: MlflowHttp;
  readonly producer: string;
  readonly command: string;
}

/** What an attempt came to: nothing was to be done, or not yet; it was done; it failed, and will be tried again. */
export type Attempt =
  | { readonly state: "idle" }
  | { readonly state: "done"; readonly document: SyncDocument }
  | {
      readonly state: "failed";
      readonly error: RefrainError /** The try before failed so too. */;
      readonly isKnown: boolean;
    };

/**
 * Sends MLflow what it lacks, if anything, and if the wait after the last failure is over: a minute, twice as long after each further
 * one, an hour at most. Never throws what MLflow does. `isUrgent`: something new came, so that the wait does not count.
 */
export async function attemptSync(
  home: string,
  { http, producer, command, isUrgent = false }: AttemptOptions & { readonly isUrgent?: boolean },
  world: World,
): Promise<Attempt> {
  const target = targetOf(http.place);
  const now = world.now();
  const { nextAtMs, reason } = readReceipts(home, target);
  // A clock that was moved back must not make the wait longer than it can be.
  const isWaiting = now < nextAtMs && nextAtMs - now <= LONGEST_WAIT_MS;
  if ((isWaiting && !isUrgent) || isMirrored(home, http.place)) return { state: "idle" };
  try {
    const document = await syncNow(home, { http, producer, command, thorough: false }, world);
    return { state: "done", document };
  } catch (error) {
    if (!(error instanceof RefrainError)) throw error;
    if (error.code === "HOME_LOCKED") return { state: "idle" };
    return { state: "failed", error, isKnown: error.message === reason };
  }
}

/** Sends it now, and remembers whether that failed. Throws `HOME_LOCKED` while another process does it, and as `syncMlflow` does. */
export async function syncNow(
  home: string,
  { command, ...options }: AttemptOptions & { readonly thorough: boolean },
  world: World,
): Promise<SyncDocument> {
  const target = targetOf(options.http.place);
  const lock = uploadLock(home);
  const holder = takeFileLock(lock, command);
  if (holder !== null) {
    const { pid, command: other } = holder === "elsewhere" ? { pid: "unknown", command: "an upload" } : holder;
    throw new RefrainError("HOME_LOCKED", { home, pid, command: other });
  }
  try {
    const document = await syncMlflow(home, options, world);
    writeReceipts(home, { ...readReceipts(home, target), failures: 0, reason: null, nextAtMs: 0 });
    return document;
  } catch (error) {
    const receipts = readReceipts(home, target);
    const failures = receipts.failures + 1;
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(10, receipts.failures));
    const reason = error instanceof Error ? error.message : String(error);
    writeReceipts(home, { ...receipts, failures, reason, nextAtMs: world.now() + wait });
    throw error;
  } finally {
    releaseFileLock(lock);
  }
}
