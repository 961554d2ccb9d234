import { PIECE_BYTES_MAX, type Splitter, type TakePiece } from "./splitter.js";

const NEWLINE = 10;
const QUOTE = 34;
const NOTHING = Buffer.alloc(0);

/** Receives a CSV record; true when it is well formed. */
export type TakeRecord = (bytes: Buffer) => boolean;

/**
 * Cuts CSV into records: a newline inside quotes does not end one. A record of several lines that turns out malformed was
 * most likely held together by a stray quote: its first line alone is given up (`broken`) and the rest is cut again, so
 * that one bad row does not swallow those after it.
 */
export class RecordSplitter implements Splitter {
  private readonly record: TakeRecord;
  private readonly broken: TakePiece;
  private rest: Buffer = NOTHING;

  constructor(record: TakeRecord, broken: TakePiece) {
    this.record = record;
    this.broken = broken;
  }

  push(chunk: Buffer): boolean {
    this.cut(this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]), false);
    return true;
  }

  end(): void {
    this.cut(this.rest, true);
  }

  private cut(bytes: Buffer, isEnd: boolean): void {
    let from = 0;
    while (from < bytes.length) {
      let end = recordEnd(bytes, from);
      if (end === -1) {
        if (!isEnd && bytes.length - from <= PIECE_BYTES_MAX) break;
        end = bytes.length;
        if (!isEnd || hasOpenQuote(bytes, from)) {
          from = this.giveUpLine(bytes, from, end);
          continue;
        }
      }
      const firstNewline = bytes.indexOf(NEWLINE, from);
      const isOneLine = firstNewline === -1 || firstNewline >= end;
      if (this.record(bytes.subarray(from, end))) from = end + 1;
      else if (isOneLine) {
        this.broken(bytes, from, end, "whole");
        from = end + 1;
      } else from = this.giveUpLine(bytes, from, end);
    }
    this.rest = from < bytes.length ? Buffer.from(bytes.subarray(from)) : NOTHING;
  }

  /** Returns where the next record starts. */
  private giveUpLine(bytes: Buffer, from: number, end: number): number {
    const newline = bytes.indexOf(NEWLINE, from);
    const lineEnd = newline === -1 || newline > end ? end : newline;
    this.broken(bytes, from, lineEnd, lineEnd - from > PIECE_BYTES_MAX ? "too-long" : "whole");
    return lineEnd + 1;
  }
}

/** The first newline outside quotes; −1 when there is none yet. */
function recordEnd(bytes: Buffer, from: number): number {
  let at = from;
  for (;;) {
    const newline = bytes.indexOf(NEWLINE, at);
    if (newline === -1) return -1;
    if (!hasOpenQuote(bytes.subarray(0, newline), from)) return newline;
    at = newline + 1;
  }
}

function hasOpenQuote(bytes: Buffer, from: number): boolean {
  let isOpen = false;
  for (let at = bytes.indexOf(QUOTE, from); at !== -1; at = bytes.indexOf(QUOTE, at + 1)) isOpen = !isOpen;
  return isOpen;
}
