import { RefrainError } from "../base/errors.js";

/** What the system refuses because of where something lies or what may be done there: never our bug. */
const REFUSALS = new Set([
  "EACCES",
  "EDQUOT",
  "EEXIST",
  "EISDIR",
  "ELOOP",
  "ENAMETOOLONG",
  "ENOSPC",
  "ENOTDIR",
  "ENOTEMPTY",
  "EPERM",
  "EROFS",
]);

/** DuckDB has no code to say it with. */
const DISK_FULL = /file "([^"]+)": (No space left on device|Disk quota exceeded)/;

/** A refusal of the file system as PATH_UNUSABLE; `null` for any other error. */
export function pathRefused(error: unknown): RefrainError | null {
  if (!(error instanceof Error)) return null;
  const full = DISK_FULL.exec(error.message);
  if (full !== null) return new RefrainError("PATH_UNUSABLE", { path: full[1] ?? "", reason: full[2] ?? "" }, error);
  const { code, path, dest, message } = error as NodeJS.ErrnoException & { readonly dest?: string };
  if (code === undefined || !REFUSALS.has(code) || path === undefined) return null;
  // "EISDIR: illegal operation on a directory, rename 'a' -> 'b'"
  const reason = /^\w+: ([^,]+)/.exec(message)?.[1] ?? code;
  return new RefrainError("PATH_UNUSABLE", { path: dest ?? path, reason }, error);
}
