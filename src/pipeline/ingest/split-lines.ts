import { PIECE_BYTES_MAX, SHOWN_BYTES, type Splitter, type TakePiece } from "./splitter.js";

const NEWLINE = 10;
const NOTHING = Buffer.alloc(0);
const RANGE_ENDED = -1;

/**
 * Cuts bytes into lines. The lines of a range of a file are those that start in it: with `skipFirst` the bytes begin one
 * byte before the range, and what they hold up to the first newline is the range before's; lines that start at
 * `bytes` or later, counted from the first pushed byte, are the next one's.
 */
export class LineSplitter implements Splitter {
  private readonly take: TakePiece;
  private readonly bytesMax: number;
  private skipping: boolean;
  /** The beginning of a line whose end has not come yet. */
  private carry: Buffer = NOTHING;
  private tooLong = false;
  /** Where the pushed chunk starts. */
  private offset = 0;

  constructor(take: TakePiece, range: { readonly skipFirst: boolean; readonly bytes: number }) {
    this.take = take;
    this.skipping = range.skipFirst;
    this.bytesMax = range.bytes;
  }

  push(chunk: Buffer): boolean {
    let from = 0;
    if (this.skipping || this.carry.length > 0) {
      const newline = chunk.indexOf(NEWLINE);
      if (newline === -1) {
        if (!this.skipping) this.keep(chunk);
        this.offset += chunk.length;
        return !this.skipping || this.offset < this.bytesMax;
      }
      if (!this.skipping) this.finishCarry(chunk.subarray(0, newline));
      this.skipping = false;
      from = newline + 1;
    }
    from = this.takeLines(chunk, from);
    if (from === RANGE_ENDED) return false;
    if (from < chunk.length) this.keep(chunk.subarray(from));
    this.offset += chunk.length;
    return this.carry.length > 0 || this.offset < this.bytesMax;
  }

  /**
   * Takes the whole lines from `from` on, and says where the rest begins. The loop has a function of its own: one that is compiled
   * while it runs knows nothing of what comes behind the loop, and is thrown away there.
   */
  private takeLines(chunk: Buffer, from: number): number {
    for (let at = from; ; ) {
      if (at < chunk.length && this.offset + at >= this.bytesMax) return RANGE_ENDED;
      const newline = at < chunk.length ? chunk.indexOf(NEWLINE, at) : -1;
      if (newline === -1) return at;
      if (newline - at > PIECE_BYTES_MAX) this.take(chunk, at, at + SHOWN_BYTES, "too-long");
      else this.take(chunk, at, newline, "whole");
      at = newline + 1;
    }
  }

  end(): void {
    if (this.carry.length === 0) return;
    this.take(this.carry, 0, this.carry.length, this.tooLong ? "too-long" : "log-ended");
    this.carry = NOTHING;
    this.tooLong = false;
  }

  private keep(rest: Buffer): void {
    if (this.tooLong) return;
    this.carry = Buffer.concat([this.carry, rest]);
    if (this.carry.length <= PIECE_BYTES_MAX) return;
    this.carry = Buffer.from(this.carry.subarray(0, SHOWN_BYTES));
    this.tooLong = true;
  }

  private finishCarry(rest: Buffer): void {
    this.keep(rest);
    this.take(this.carry, 0, this.carry.length, this.tooLong ? "too-long" : "whole");
    this.carry = NOTHING;
    this.tooLong = false;
  }
}
