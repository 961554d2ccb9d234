import { PIECE_BYTES_MAX, SHOWN_BYTES, type Splitter, type TakePiece } from "./splitter.js";

const NOTHING = Buffer.alloc(0);
const code = (character: string) => character.charCodeAt(0);
const QUOTE = code('"');
const BACKSLASH = code("\\");
const COMMA = code(",");
const OPEN = new Set([code("["), code("{")]);
const CLOSE = new Set([code("]"), code("}")]);
const BLANK = new Set([code(" "), code("\t"), code("\n"), code("\r"), 0xef, 0xbb, 0xbf]);

/** Cuts a file that is one JSON array into its elements; whether each is JSON is not its question. */
export class ArraySplitter implements Splitter {
  private readonly take: TakePiece;
  private depth = 0;
  private inText = false;
  private escaped = false;
  private carry: Buffer = NOTHING;
  private tooLong = false;
  private hasContent = false;
  private afterComma = false;

  constructor(take: TakePiece) {
    this.take = take;
  }

  push(chunk: Buffer): boolean {
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      if (this.inText) {
        if (this.escaped) this.escaped = false;
        else if (byte === BACKSLASH) this.escaped = true;
        else if (byte === QUOTE) this.inText = false;
        continue;
      }
      const isEnd = this.depth === 1 && (byte === COMMA || CLOSE.has(byte));
      if (isEnd) {
        this.keep(chunk.subarray(from, at));
        if (this.hasContent || byte === COMMA || this.afterComma) this.finish("whole");
        this.drop();
        this.afterComma = byte === COMMA;
        from = at + 1;
      } else if (!BLANK.has(byte)) {
        if (this.depth === 0 && OPEN.has(byte)) from = at + 1;
        else this.hasContent = true;
      }
      if (byte === QUOTE) this.inText = true;
      else if (OPEN.has(byte)) this.depth++;
      else if (CLOSE.has(byte) && this.depth > 0) this.depth--;
    }
    this.keep(chunk.subarray(from));
    return true;
  }

  end(): void {
    if (this.hasContent || this.depth > 0) this.finish("log-ended");
  }

  private finish(how: "whole" | "log-ended"): void {
    this.take(this.carry, 0, this.carry.length, this.tooLong ? "too-long" : how);
    this.drop();
  }

  private drop(): void {
    this.carry = NOTHING;
    this.tooLong = false;
    this.hasContent = false;
  }

  private keep(part: Buffer): void {
    if (this.tooLong || part.length === 0) return;
    this.carry = this.carry.length === 0 ? Buffer.from(part) : Buffer.concat([this.carry, part]);
    if (this.carry.length <= PIECE_BYTES_MAX) return;
    this.carry = Buffer.from(this.carry.subarray(0, SHOWN_BYTES));
    this.tooLong = true;
  }
}
