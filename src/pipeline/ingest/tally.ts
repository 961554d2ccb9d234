import type { ErrorCode, ErrorDetails } from "../../base/errors.js";
import { RefrainError } from "../../base/errors.js";
import type { CommitResult } from "../../store/commit.js";
import type { QuarantineWriter } from "../../store/quarantine.js";
import type { Log } from "./find-logs.js";
import type { PartResult } from "./part.js";
import { reasonMessage } from "./reasons.js";
import type { Reject } from "./rejects.js";

/** What became of one file. `error`: it could not be read, or not to its end. */
export interface FileSummary {
  readonly path: string;
  readonly lines: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly quarantined: number;
  readonly error?: { readonly code: ErrorCode; readonly message: string; readonly hint: string };
}

interface FileCount {
  lines: number;
  quarantined: number;
  error: { readonly code: ErrorCode; readonly details: ErrorDetails } | null;
}

interface HeldRejects {
  readonly rejects: readonly Reject[];
  readonly release: () => void;
}

/**
 * Counts lines and writes rejects in the order of files and lines, though parts end in any order: the rejects of a part
 * wait, and with them the thread that found them, until all parts before it are done and its first line is known.
 */
export class Tally {
  readonly reasons = new Map<string, number>();
  readonly unknownFields = new Map<string, number>();
  readonly files: readonly FileCount[];
  private readonly logs: readonly Log[];
  private readonly logOfPart: readonly number[];
  private readonly quarantine: QuarantineWriter;
  private readonly results: (PartResult | undefined)[] = [];
  private readonly held = new Map<number, HeldRejects[]>();
  private current = 0;
  private isGivenUp = false;

  constructor(logs: readonly Log[], logOfPart: readonly number[], quarantine: QuarantineWriter) {
    this.logs = logs;
    this.logOfPart = logOfPart;
    this.quarantine = quarantine;
    this.files = logs.map(() => ({ lines: 0, quarantined: 0, error: null }));
  }

  /** Takes the rejects of a part; `release` is called when they are written. */
  reject(part: number, rejects: readonly Reject[], release: () => void): void {
    if (this.isGivenUp) release();
    else if (part === this.current || rejects.length === 0) this.write(part, rejects, release);
    else this.held.set(part, [...(this.held.get(part) ?? []), { rejects, release }]);
  }

  /** Lets everybody go on whose rejects wait, which are not written any longer. */
  releaseAll(): void {
    this.isGivenUp = true;
    for (const held of this.held.values()) for (const { release } of held) release();
    this.held.clear();
  }

  done(part: number, result: PartResult): void {
    this.results[part] = result;
    for (let next = this.results[this.current]; next !== undefined; next = this.results[this.current]) {
      const file = this.fileOf(this.current);
      file.lines += next.lines;
      file.error ??= next.error;
      for (const [name, rows] of next.unknownFields) add(this.unknownFields, name, rows);
      this.current++;
      for (const { rejects, release } of this.held.get(this.current) ?? []) this.write(this.current, rejects, release);
      this.held.delete(this.current);
    }
  }

  /**
   * The files with their accepted rows filled in; those of erased users count as quarantined, though nothing of them is kept there.
   * What is neither accepted nor quarantined was a duplicate.
   */
  summaries({ acceptedByPart, erasedByPart }: Pick<CommitResult, "acceptedByPart" | "erasedByPart">): FileSummary[] {
    const accepted = this.byLog(acceptedByPart);
    this.byLog(erasedByPart).forEach((rows, log) => {
      if (rows === 0) return;
      (this.files[log] as FileCount).quarantined += rows;
      add(this.reasons, "USER_ERASED", rows);
    });
    return this.files.map(({ lines, quarantined, error }, i) => {
      const own = accepted[i] as number;
      const counts = { lines, accepted: own, duplicates: lines - own - quarantined, quarantined };
      return { path: (this.logs[i] as Log).path, ...counts, ...(error === null ? {} : { error: shown(error) }) };
    });
  }

  private byLog(rowsByPart: ReadonlyMap<number, number>): number[] {
    const counts = this.logs.map(() => 0);
    for (const [part, rows] of rowsByPart) {
      const log = this.logOfPart[part] as number;
      counts[log] = (counts[log] ?? 0) + rows;
    }
    return counts;
  }

  private write(part: number, rejects: readonly Reject[], release: () => void): void {
    const file = this.fileOf(part);
    const log = this.logs[this.logOfPart[part] as number] as Log;
    const { path, linesBefore } = log.origin ?? { path: log.path, linesBefore: 0 };
    const before = linesBefore + file.lines;
    for (const { line, code, ...raw } of rejects) {
      this.quarantine.add({ file: path, line: before + line + 1, code, message: reasonMessage(code), ...raw });
      add(this.reasons, code, 1);
    }
    file.quarantined += rejects.length;
    release();
  }

  private fileOf(part: number): FileCount {
    return this.files[this.logOfPart[part] as number] as FileCount;
  }
}

function add(counts: Map<string, number>, key: string, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}

function shown({ code, details }: { readonly code: ErrorCode; readonly details: ErrorDetails }) {
  const { message, hint } = new RefrainError(code, details);
  return { code, message, hint };
}
