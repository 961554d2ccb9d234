import { createHash, type Hash } from "node:crypto";
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { moveIntoPlace } from "./atomic-file.js";
import { homePaths } from "./home-paths.js";
import { mayName, withoutContent } from "./names-user.js";
import { readTombstones, type Tombstones } from "./tombstones.js";

/**
 * A line that is not an event, and why. Exactly one of `text` and `base64` (of what is not UTF-8) holds its beginning; neither where
 * it may name a user who was erased.
 */
export interface QuarantinedLine {
  readonly file: string;
  /** Line (JSONL) or data row (CSV, Parquet), from 1. */
  readonly line: number;
  readonly code: string;
  readonly message: string;
  readonly text?: string;
  readonly base64?: string;
  readonly truncated?: true;
  readonly erased?: true;
}

const PENDING_CHARS_MAX = 1 << 20;

/** Writes quarantined lines to a temporary file; the final name is that of the content, so a repeat makes no second file. */
export class QuarantineWriter {
  private readonly home: string;
  private readonly temporary: string;
  private readonly hash: Hash = createHash("sha256");
  private readonly file: number;
  private readonly tombstones: Tombstones;
  private pending = "";
  private lines = 0;

  constructor(home: string) {
    const paths = homePaths(home);
    this.home = home;
    this.tombstones = readTombstones(home);
    this.temporary = join(paths.temp, "quarantine.jsonl");
    mkdirSync(paths.temp, { recursive: true });
    this.file = openSync(this.temporary, "w");
  }

  add(line: QuarantinedLine): void {
    const isErased = !this.tombstones.isEmpty && mayName(line, (id) => this.tombstones.hasUser(id));
    this.pending += `${JSON.stringify(isErased ? withoutContent(line) : line)}\n`;
    this.lines++;
    if (this.pending.length > PENDING_CHARS_MAX) this.write();
  }

  /** Puts the file in place; `null` when there was nothing. The path is relative to the lake folder. */
  finish(): { readonly path: string; readonly lines: number } | null {
    this.write();
    closeSync(this.file);
    if (this.lines === 0) {
      rmSync(this.temporary, { force: true });
      return null;
    }
    const path = `quarantine/${this.hash.digest("hex").slice(0, 16)}.jsonl`;
    moveIntoPlace(this.temporary, join(homePaths(this.home).lake, path));
    return { path, lines: this.lines };
  }

  private write(): void {
    const bytes = Buffer.from(this.pending, "utf8");
    this.pending = "";
    this.hash.update(bytes);
    for (let at = 0; at < bytes.length; ) at += writeSync(this.file, bytes, at);
  }
}
