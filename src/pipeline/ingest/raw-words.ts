// hot loop
import { type LogMemory, lastWordMask } from "./log-memory.js";

/** No code: the bytes are not JSON of an acceptable text. */
export const NO_CODE = -3;

const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const PLACES_MIN = 256;
const ARENA_WORDS_MIN = 1 << 10;

/** A text's record: three numbers, the length in bytes, then its bytes, filled up with zeros to whole words. */
const HASH = 0;
const LENGTH = 1;
const CODE = 2;
const TEXT = 3;

/**
 * Codes of texts by the bytes that stand between their quotes in JSON, escapes and all: a text is decoded and checked once
 * for each way of writing it, when it is first met. Open addressing; texts are hashed and compared four bytes at a time.
 * Waiting for memory is most of the time, so that all that is known of a text lies together.
 */
export class RawWords {
  private readonly memory: LogMemory;
  private readonly codeOfText: (text: string) => number;
  /** By place: where the record begins, −1 for none. */
  private places = new Int32Array(PLACES_MIN).fill(-1);
  private arena: Int32Array = new Int32Array(ARENA_WORDS_MIN);
  private used = 0;
  private count = 0;

  /** @param codeOfText negative where the text is not acceptable. */
  constructor(memory: LogMemory, codeOfText: (text: string) => number) {
    this.memory = memory;
    this.codeOfText = codeOfText;
  }

  /** The code of the text from `start` to `end` of the memory, of which this is the hash. */
  codeOf(start: number, end: number, hash: number): number {
    const { places, arena } = this;
    const mask = places.length - 1;
    let place = hash & mask;
    for (let record = places[place]!; record !== -1; record = places[place]!) {
      if (arena[record + HASH] === hash && this.holds(record, start, end)) return arena[record + CODE]!;
      place = (place + 1) & mask;
    }
    return this.add(start, end, hash, place);
  }

  private holds(record: number, start: number, end: number): boolean {
    const { arena } = this;
    const { view } = this.memory;
    if (arena[record + LENGTH] !== end - start) return false;
    let known = record + TEXT;
    let at = start;
    for (; at < end - 4; at += 4) if (view.getInt32(at, true) !== arena[known++]) return false;
    return (view.getInt32(at, true) & lastWordMask(end - start)) === arena[known];
  }

  private add(start: number, end: number, hash: number, place: number): number {
    const { view, bytes } = this.memory;
    const text = decoded(bytes, start, end);
    const code = text === null ? NO_CODE : this.codeOfText(text);
    if (code < 0) return NO_CODE;
    const record = this.used;
    const words = Math.max(1, Math.ceil((end - start) / 4));
    this.used += TEXT + words;
    if (this.used > this.arena.length) this.arena = longer(this.arena, Math.max(this.arena.length * 2, this.used));
    const { arena } = this;
    arena[record + HASH] = hash;
    arena[record + LENGTH] = end - start;
    arena[record + CODE] = code;
    for (let i = 0; i < words; i++) arena[record + TEXT + i] = view.getInt32(start + 4 * i, true);
    arena[this.used - 1]! &= lastWordMask(end - start);
    this.places[place] = record;
    if (++this.count * 2 > this.places.length) this.grow();
    return code;
  }

  private grow(): void {
    const { arena } = this;
    const places = new Int32Array(this.places.length * 2).fill(-1);
    const mask = places.length - 1;
    for (const record of this.places) {
      if (record === -1) continue;
      let place = arena[record + HASH]! & mask;
      while (places[place] !== -1) place = (place + 1) & mask;
      places[place] = record;
    }
    this.places = places;
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decoded(bytes: Buffer, start: number, end: number): string | null {
  if (standsForItself(bytes, start, end)) return bytes.toString("latin1", start, end);
  try {
    const text: unknown = JSON.parse(`"${utf8.decode(bytes.subarray(start, end))}"`);
    return typeof text === "string" ? text : null;
  } catch {
    return null;
  }
}

/** ASCII without escapes. */
function standsForItself(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (!(byte >= SPACE && byte < 0x80 && byte !== QUOTE && byte !== BACKSLASH)) return false;
  }
  return true;
}

function longer(from: Int32Array, length: number): Int32Array {
  const to = new Int32Array(length);
  to.set(from);
  return to;
}
