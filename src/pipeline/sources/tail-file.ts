import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync, type Stats, statSync } from "node:fs";
import { RefrainError } from "../../base/errors.js";

/** How far a file has been read: up to the end of a line. */
export interface FilePlace {
  /** Which file it was: its number, and what it begins with. */
  readonly inode: number;
  readonly head: { readonly bytes: number; readonly sha256: string };
  readonly bytes: number;
  readonly lines: number;
}

/** Complete lines of a file, and the place behind them. */
export interface Tail {
  readonly bytes: Buffer;
  readonly linesBefore: number;
  readonly place: FilePlace;
}

/** Read at a time; a longer line is cut here, and refused for its length. */
const READ_BYTES_MAX = 8 << 20;
const HEAD_BYTES = 256;
const NEWLINE = 10;
/** How often nothing may come of a file that was moved away before the next one is opened. */
const QUIET_MAX = 2;

interface OpenFile {
  readonly descriptor: number;
  readonly inode: number;
}

/**
 * Reads a growing file line by line, across half lines, truncation and rotation. What is left of a file that was moved away
 * is read to its end before the new one is begun.
 */
export class TailFile {
  readonly #path: string;
  #file: OpenFile | null = null;
  #place: FilePlace | null;
  #quiet = 0;
  /** Inside a line that is too long. */
  #isSkipping = false;

  constructor(path: string, place: FilePlace | null) {
    this.#path = path;
    this.#place = place;
  }

  /** How many bytes there are behind the place, half lines with them. */
  get waitingBytes(): number {
    return this.#file === null ? 0 : fstatSync(this.#file.descriptor).size - (this.#place?.bytes ?? 0);
  }

  /** The next complete lines; null where there are none now. Throws `FILE_UNREADABLE`. */
  next(): Tail | null {
    try {
      return this.#next();
    } catch (error) {
      throw new RefrainError("FILE_UNREADABLE", { path: this.#path, reason: (error as Error).message }, error);
    }
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file.descriptor);
    this.#file = null;
  }

  #next(): Tail | null {
    this.#file ??= this.#opened();
    if (this.#file === null) return null;
    const { descriptor, inode } = this.#file;
    const place = this.#placeIn(descriptor, inode);
    const chunk = Buffer.allocUnsafe(Math.min(READ_BYTES_MAX, Math.max(0, fstatSync(descriptor).size - place.bytes)));
    const bytes = chunk.subarray(0, readSync(descriptor, chunk, 0, chunk.length, place.bytes));
    const isMoved = this.#isMoved(inode);
    const isOver = isMoved && bytes.length < READ_BYTES_MAX && this.#quiet >= QUIET_MAX;
    const end = isOver ? bytes.length : bytes.lastIndexOf(NEWLINE) + 1;
    if (end > 0) {
      this.#quiet = 0;
      return this.#taken(bytes.subarray(0, end), place, descriptor);
    }
    if (bytes.length === READ_BYTES_MAX) return this.#taken(bytes, place, descriptor);
    if (isMoved) this.#quiet++;
    if (isOver) this.#leave();
    return null;
  }

  #opened(): OpenFile | null {
    const stats = statSync(this.#path, { throwIfNoEntry: false });
    if (stats === undefined) return null;
    if (!stats.isFile()) throw new Error("it is not a regular file");
    const descriptor = openSync(this.#path, "r");
    return { descriptor, inode: fstatSync(descriptor).ino };
  }

  /** The place in this file: the one known, if it is of this file and in it, else its beginning. */
  #placeIn(descriptor: number, inode: number): FilePlace {
    const known = this.#place;
    const isSame =
      known !== null &&
      known.inode === inode &&
      known.bytes <= fstatSync(descriptor).size &&
      headOf(descriptor, known.head.bytes).sha256 === known.head.sha256;
    if (isSame) return known;
    this.#isSkipping = false;
    this.#place = { inode, head: headOf(descriptor, 0), bytes: 0, lines: 0 };
    return this.#place;
  }

  #isMoved(inode: number): boolean {
    const now: Stats | undefined = statSync(this.#path, { throwIfNoEntry: false });
    return now !== undefined && now.ino !== inode;
  }

  #leave(): void {
    this.close();
    this.#place = null;
    this.#quiet = 0;
  }

  #taken(bytes: Buffer, place: FilePlace, descriptor: number): Tail {
    const isClosed = bytes.at(-1) === NEWLINE;
    const from = this.#isSkipping ? bytes.indexOf(NEWLINE) + 1 : 0;
    const lines = this.#isSkipping && from === 0 ? Buffer.alloc(0) : bytes.subarray(from);
    const added = countOf(lines, NEWLINE) + (isClosed || lines.length === 0 ? 0 : 1);
    this.#isSkipping = !isClosed;
    const through = place.bytes + bytes.length;
    const head = headOf(descriptor, Math.min(HEAD_BYTES, through));
    this.#place = { inode: place.inode, head, bytes: through, lines: place.lines + added };
    const closed = isClosed || lines.length === 0 ? lines : Buffer.concat([lines, Buffer.from([NEWLINE])]);
    return { bytes: closed, linesBefore: place.lines, place: this.#place };
  }
}

function headOf(descriptor: number, bytes: number): FilePlace["head"] {
  const head = Buffer.alloc(bytes);
  const read = readSync(descriptor, head, 0, bytes, 0);
  return { bytes, sha256: createHash("sha256").update(head.subarray(0, read)).digest("hex") };
}

function countOf(bytes: Buffer, byte: number): number {
  let count = 0;
  for (let at = bytes.indexOf(byte); at !== -1; at = bytes.indexOf(byte, at + 1)) count++;
  return count;
}
