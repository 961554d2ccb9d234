// hot loop
import { bitsOf, COLUMN_OF_SLOT } from "./event-fields.js";
import type { LineFields } from "./line-fields.js";
import type { LogMemory } from "./log-memory.js";

const COMMA = 0x2c;
const CLOSE = 0x7d;

/** What one line's rows of a user have in common with the next one's. */
const USER_BITS = bitsOf("level", "location", "userAgent", "firstName", "lastName", "gender", "registration");
/** Of these there are few different ones in all. */
const PAGE_BITS = bitsOf("page", "auth", "method", "status", "level");

/** The fields that go on a run that starts with the field of `slot`; 0 when none starts there. */
export function runBitsOf(slot: number): number {
  const bit = 1 << slot;
  return USER_BITS & bit ? USER_BITS : PAGE_BITS & bit ? PAGE_BITS : 0;
}

/** True for runs that a user repeats; the others are found by the first value's bytes. */
export const isOfUser = (runBits: number): boolean => runBits === USER_BITS;

/** The fields of a run, and the slot of the last of them. */
export interface RunFields {
  readonly bits: number;
  readonly last: number;
}

/** Both are powers of two. */
interface MemoSize {
  readonly places: number;
  readonly bytesMax: number;
}
/** Enough for the runs of 100 thousand users, who have about 300 bytes each. */
const USUAL_SIZE: MemoSize = { places: 1 << 17, bytesMax: 1 << 26 };
const PROBES = 4;
const ARENA_BYTES_MIN = 1 << 12;
const RUN_BYTES_MAX = 4096;
/** A run is compared in words of this many bytes. */
const WORD_BYTES = 8;

/** Where the parts of a kept run lie in its record, in bytes: whole numbers, the values, then the run itself. */
const ROOM = 0;
const LENGTH = 4;
const BITS = 8;
const COUNT = 12;
const LAST = 16;
const VALUES = 24;

/**
 * Remembers runs of fields: what lies between the first key and the end of the last value, and what was read there. A line
 * mostly repeats its user's runs byte for byte, and comparing is several times as quick as reading. The bytes of a run
 * say all about its values, whichever line it stands in, so that a run may be found by any hash; a wrong one costs time only.
 * Memory is bounded: when it is full, only runs that fit where another was are remembered.
 */
export class RunMemo {
  /** Of the run found last: where it ends, its fields, and the slot of the last of them. */
  end = 0;
  bits = 0;
  last = 0;
  private readonly memory: LogMemory;
  private readonly fields: LineFields;
  /** By place: where the record begins, −1 for none. */
  private readonly places: Int32Array;
  private readonly bytesMax: number;
  private arena = new DataView(new ArrayBuffer(ARENA_BYTES_MIN));
  private used = 0;
  private turn = 0;

  constructor(memory: LogMemory, fields: LineFields, { places, bytesMax }: MemoSize = USUAL_SIZE) {
    this.memory = memory;
    this.fields = fields;
    this.places = new Int32Array(places).fill(-1);
    this.bytesMax = bytesMax;
  }

  /** Takes the values of a run that begins at `at`; false when none is known, or one of its fields was `seen`. */
  take(hash: number, at: number, seen: number): boolean {
    const { places, arena } = this;
    for (let probe = 0; probe < PROBES; probe++) {
      const record = places[(hash + probe) & (places.length - 1)]!;
      if (record === -1) return false;
      if (!this.holds(record, at)) continue;
      this.bits = arena.getInt32(record + BITS, true);
      if ((this.bits & seen) !== 0) return false;
      this.last = arena.getInt32(record + LAST, true);
      this.copyValues(record + VALUES);
      return true;
    }
    return false;
  }

  /** Keeps the run between `from` and `to`, whose values are the fields' now. */
  remember(
    hash: number,
    { from, to }: { readonly from: number; readonly to: number },
    { bits, last }: RunFields,
  ): void {
    const length = to - from;
    if (length < WORD_BYTES || length > RUN_BYTES_MAX) return;
    const count = bitCount(bits);
    const record = this.recordFor(hash, VALUES + count * 8 + length);
    if (record === -1) return;
    const { arena } = this;
    arena.setInt32(record + LENGTH, length, true);
    arena.setInt32(record + BITS, bits, true);
    arena.setInt32(record + COUNT, count, true);
    arena.setInt32(record + LAST, last, true);
    let at = record + VALUES;
    for (let rest = bits; rest !== 0; rest &= rest - 1, at += 8) {
      const slot = 31 - Math.clz32(rest & -rest);
      const column = COLUMN_OF_SLOT[slot]!;
      arena.setFloat64(at, column < 0 ? this.fields.numbers[slot]! : this.fields.codes[column]!, true);
    }
    const { bytes } = this.memory;
    for (let i = from; i < to; i++) arena.setUint8(at++, bytes[i]!);
  }

  /**
   * Words are compared as doubles, being the longest that a processor compares as numbers. That is exact: only ±0 are alike and yet
   * different bytes, and no run has a zero byte; a NaN is not even like itself, and merely not found.
   * Nor has a run a newline, so that this never looks further than the word with the line's end.
   */
  private holds(record: number, at: number): boolean {
    const { arena } = this;
    const { view, bytes } = this.memory;
    const length = arena.getInt32(record + LENGTH, true);
    const end = at + length;
    let known = record + VALUES + arena.getInt32(record + COUNT, true) * 8;
    const lastWord = end - WORD_BYTES;
    const toLast = known + length - WORD_BYTES;
    for (let i = at; i < lastWord; i += WORD_BYTES, known += WORD_BYTES) {
      if (view.getFloat64(i, true) !== arena.getFloat64(known, true)) return false;
    }
    if (view.getFloat64(lastWord, true) !== arena.getFloat64(toLast, true)) return false;
    // A number or a word may go on.
    if (bytes[end] !== COMMA && bytes[end] !== CLOSE) return false;
    this.end = end;
    return true;
  }

  private copyValues(from: number): void {
    const { arena } = this;
    const { codes, numbers } = this.fields;
    let at = from;
    for (let rest = this.bits; rest !== 0; rest &= rest - 1, at += 8) {
      const slot = 31 - Math.clz32(rest & -rest);
      const column = COLUMN_OF_SLOT[slot]!;
      const value = arena.getFloat64(at, true);
      if (column < 0) numbers[slot] = value;
      else codes[column] = value;
    }
  }

  /** A free place, or in turn one of those that the hash leads to; −1 when there is no room. */
  private recordFor(hash: number, bytes: number): number {
    const { places } = this;
    let place = (hash + (this.turn++ % PROBES)) & (places.length - 1);
    for (let probe = PROBES - 1; probe >= 0; probe--) {
      const free = (hash + probe) & (places.length - 1);
      if (places[free] === -1) place = free;
    }
    const old = places[place]!;
    if (old !== -1 && this.arena.getInt32(old + ROOM, true) >= bytes) return old;
    const room = (bytes + 7) & ~7;
    if (!this.hasRoom(room)) return -1;
    const record = this.used;
    this.used += room;
    this.arena.setInt32(record + ROOM, room, true);
    places[place] = record;
    return record;
  }

  private hasRoom(bytes: number): boolean {
    const { arena } = this;
    let size = arena.byteLength;
    while (this.used + bytes > size) size *= 2;
    if (size === arena.byteLength) return true;
    if (size > this.bytesMax) return false;
    this.arena = new DataView(new ArrayBuffer(size));
    new Uint8Array(this.arena.buffer).set(new Uint8Array(arena.buffer));
    return true;
  }
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
