// hot loop
import { type LogMemory, lastWordMask } from "./log-memory.js";

/** No code: the bytes are not JSON of an acceptable text. */
export const NO_CODE = -3;

const PLACES_MIN = 256;
const ARENA_WORDS_MIN = 1 << 10;

/** What is known of a text, beside one another so that they are at hand together. */
const STRIDE = 4;
const HASH = 0;
const START = 1;
/** In bytes; −1 for a free place. */
const LENGTH = 2;
const CODE = 3;

/**
 * Codes of texts by the bytes that stand between their quotes in JSON, escapes and all: a text is decoded and checked once
 * for each way of writing it, when it is first met. Open addressing; texts are hashed and compared four bytes at a time.
 */
export class RawWords {
  private readonly memory: LogMemory;
  private readonly codeOfText: (text: string) => number;
  private table = new Int32Array(PLACES_MIN * STRIDE).fill(-1);
  /** The texts, each from a new word on, the last one filled up with zeros. */
  private arena: Int32Array = new Int32Array(ARENA_WORDS_MIN);
  private used = 0;
  private count = 0;

  /** @param codeOfText negative where the text is not acceptable. */
  constructor(memory: LogMemory, codeOfText: (text: string) => number) {
    this.memory = memory;
    this.codeOfText = codeOfText;
  }

  /** The code of the text from `start` to `end` of the memory. */
  codeOf(start: number, end: number): number {
    const { table } = this;
    const hash = this.hashOf(start, end);
    const mask = table.length - 1;
    let at = (hash * STRIDE) & mask;
    for (; table[at + LENGTH] !== -1; at = (at + STRIDE) & mask) {
      if (
        table[at + HASH] === hash &&
        table[at + LENGTH] === end - start &&
        this.holds(table[at + START]!, start, end)
      ) {
        return table[at + CODE]!;
      }
    }
    return this.add(start, end, hash, at);
  }

  private hashOf(start: number, end: number): number {
    const { view } = this.memory;
    let hash = end - start;
    let at = start;
    for (; at < end - 4; at += 4) hash = Math.imul((hash >>> 15) ^ hash ^ view.getInt32(at, true), 0x2c1b3c6d);
    hash = Math.imul((hash >>> 15) ^ hash ^ (view.getInt32(at, true) & lastWordMask(end - start)), 0x2c1b3c6d);
    hash = Math.imul((hash >>> 12) ^ hash, 0x297a2d39);
    return (hash >>> 15) ^ hash;
  }

  private holds(entryStart: number, start: number, end: number): boolean {
    const { arena } = this;
    const { view } = this.memory;
    let known = entryStart;
    let at = start;
    for (; at < end - 4; at += 4) if (view.getInt32(at, true) !== arena[known++]) return false;
    return (view.getInt32(at, true) & lastWordMask(end - start)) === arena[known];
  }

  private add(start: number, end: number, hash: number, at: number): number {
    const { view, bytes } = this.memory;
    const text = decoded(bytes.subarray(start, end));
    const code = text === null ? NO_CODE : this.codeOfText(text);
    if (code < 0) return NO_CODE;
    const words = Math.max(1, Math.ceil((end - start) / 4));
    const from = this.used;
    this.used += words;
    if (this.used > this.arena.length) this.arena = longer(this.arena, Math.max(this.arena.length * 2, this.used));
    for (let i = 0; i < words; i++) this.arena[from + i] = view.getInt32(start + 4 * i, true);
    this.arena[this.used - 1]! &= lastWordMask(end - start);
    this.table.set([hash, from, end - start, code], at);
    this.count++;
    if (this.count * 2 * STRIDE > this.table.length) this.grow();
    return code;
  }

  private grow(): void {
    const { table } = this;
    this.table = new Int32Array(table.length * 2).fill(-1);
    const mask = this.table.length - 1;
    for (let entry = 0; entry < table.length; entry += STRIDE) {
      if (table[entry + LENGTH] === -1) continue;
      let at = (table[entry + HASH]! * STRIDE) & mask;
      while (this.table[at + LENGTH] !== -1) at = (at + STRIDE) & mask;
      this.table.set(table.subarray(entry, entry + STRIDE), at);
    }
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decoded(bytes: Uint8Array): string | null {
  try {
    const text: unknown = JSON.parse(`"${utf8.decode(bytes)}"`);
    return typeof text === "string" ? text : null;
  } catch {
    return null;
  }
}

function longer(from: Int32Array, length: number): Int32Array {
  const to = new Int32Array(length);
  to.set(from);
  return to;
}
