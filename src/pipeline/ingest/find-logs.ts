import { closeSync, openSync, readSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { glob, isDynamicPattern } from "tinyglobby";
import { RefrainError } from "../../base/errors.js";
import { isJsonArray } from "./json-array.js";
import { isGzip } from "./log-bytes.js";
import type { LogKind } from "./part.js";

/** A file to read, under the name it was asked for. */
export interface Log {
  readonly path: string;
  readonly kind: LogKind;
  readonly bytes: number;
  /** Of what it is a piece, where it is one: reasons name that. */
  readonly origin?: { readonly path: string; readonly linesBefore: number };
}

const ENDINGS = "{json,jsonl,ndjson,log,csv,json.gz,jsonl.gz,ndjson.gz,log.gz,csv.gz,parquet}";
const BEGINNING_BYTES = 1 << 16;

/**
 * The files that the paths mean: a file itself, a folder's logs (recursive, in text order), what a glob matches.
 * Throws `PATH_ABSENT` for a path that is nothing, `PATH_EMPTY` for a folder without a log, `FILE_UNREADABLE` for a pipe
 * or a device.
 */
export async function findLogs(paths: readonly string[]): Promise<Log[]> {
  const logs: Log[] = [];
  for (const path of paths) {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory()) logs.push(...(await logsUnder(path)));
    else if (stats !== undefined) logs.push(logOf(path, stats));
    else logs.push(...(await logsMatching(path)));
  }
  return logs;
}

async function logsUnder(folder: string): Promise<Log[]> {
  const names = await glob(`**/*.${ENDINGS}`, { cwd: folder, onlyFiles: true, caseSensitiveMatch: false });
  if (names.length === 0) throw new RefrainError("PATH_EMPTY", { path: folder });
  return names.sort().map((name) => logOf(join(folder, name), statSync(join(folder, name))));
}

async function logsMatching(pattern: string): Promise<Log[]> {
  const names = isDynamicPattern(pattern) ? await glob(pattern, { onlyFiles: true }) : [];
  if (names.length === 0) throw new RefrainError("PATH_ABSENT", { path: pattern });
  return names.sort().map((name) => logOf(name, statSync(name)));
}

/** A pipe or a device would be waited for, or read, without end. */
function logOf(path: string, stats: Stats): Log {
  if (!stats.isFile()) throw new RefrainError("FILE_UNREADABLE", { path, reason: "it is not a regular file" });
  return { path, kind: kindOf(path), bytes: stats.size };
}

function kindOf(path: string): LogKind {
  if (/\.parquet$/i.test(path)) return "parquet";
  if (/\.csv(\.gz)?$/i.test(path)) return "csv";
  if (isGzip(path)) return "lines";
  return isJsonArray(beginningOf(path)) ? "array" : "lines";
}

/** Nothing of a file that cannot be read: whoever reads it says why. */
function beginningOf(path: string): Buffer {
  try {
    const file = openSync(path, "r");
    try {
      const bytes = Buffer.alloc(BEGINNING_BYTES);
      return bytes.subarray(0, readSync(file, bytes, 0, BEGINNING_BYTES, 0));
    } finally {
      closeSync(file);
    }
  } catch {
    return Buffer.alloc(0);
  }
}
