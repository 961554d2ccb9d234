// hot loop
import { EVENT_FIELDS } from "../../schema/event-limits.js";
import { FIELDS, SLOTS_MAX } from "./event-fields.js";
import { KnownFields } from "./known-fields.js";
import { type LogMemory, lastWordMask } from "./log-memory.js";
import type { FieldMap } from "./part.js";
import { runBitsOf } from "./run-memo.js";

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const KEY_BYTES_MAX = 100;

/** In the place of a slot, where no key has been yet. */
export const LINE_START = SLOTS_MAX;

export interface Key {
  readonly slot: number;
  /** With both quotes and the colon. */
  readonly length: number;
  /** Its bytes four by four, the last ones filled up with zeros. */
  readonly words: Int32Array;
  readonly lastMask: number;
  /** The fields that can follow in a run that starts here; 0 when none does. */
  readonly runBits: number;
}

/**
 * Finds the fields of flat JSON by the bytes of their keys: a key is mostly followed by the one that followed it before,
 * which is compared first. Slots are the fields of `EVENT_FIELDS`, then the first few that are none of ours.
 */
export class FlatKeys {
  /** By slot: the key met last behind that one; the line's first by `LINE_START`. */
  readonly expected: (Key | undefined)[] = Array(SLOTS_MAX + 1).fill(undefined);
  private readonly memory: LogMemory;
  private readonly sources: KnownFields["sources"];
  private readonly keys: Key[] = [];
  private readonly unknown: string[] = [];
  private readonly counts = new Float64Array(SLOTS_MAX);

  constructor(memory: LogMemory, map: FieldMap) {
    this.memory = memory;
    this.sources = new KnownFields(map).sources;
  }

  /** The key at `from`, behind the one of the slot `last`; null for a key that is to be parsed. */
  keyAt(from: number, last: number): Key | null {
    const { view } = this.memory;
    const expected = this.expected[last];
    if (expected !== undefined && startsWith(view, from, expected)) return expected;
    const found = this.keys.find((known) => startsWith(view, from, known)) ?? this.learn(from);
    if (found !== null) this.expected[last] = found;
    return found;
  }

  /** Counts the fields that are none of ours of a line that was read. */
  countUnknown(seen: number): void {
    for (let slot = FIELDS; slot < SLOTS_MAX; slot++) if ((seen & (1 << slot)) !== 0) this.counts[slot]!++;
  }

  takeCounts(fields: KnownFields): void {
    this.unknown.forEach((name, i) => {
      const rows = this.counts[FIELDS + i]!;
      if (rows > 0) fields.count(name, rows);
    });
    this.counts.fill(0);
  }

  private learn(from: number): Key | null {
    const { bytes } = this.memory;
    if (bytes[from] !== QUOTE) return null;
    let at = from + 1;
    for (let byte = bytes[at]!; byte !== QUOTE; byte = bytes[++at]!) {
      if (!(byte >= 0x20 && byte < 0x7f) || byte === BACKSLASH || at - from > KEY_BYTES_MAX) return null;
    }
    if (bytes[at + 1] !== COLON) return null;
    const name = String.fromCharCode(...bytes.subarray(from + 1, at));
    const field = this.sources.get(name);
    const slot = field === undefined ? this.unknownSlot(name) : EVENT_FIELDS.indexOf(field);
    if (slot === -1) return null;
    const key = keyOf(bytes.subarray(from, at + 2), slot);
    this.keys.push(key);
    return key;
  }

  private unknownSlot(name: string): number {
    // An object's own __proto__ is not what one expects.
    if (name === "__proto__" || FIELDS + this.unknown.length >= SLOTS_MAX) return -1;
    return FIELDS + this.unknown.push(name) - 1;
  }
}

function keyOf(bytes: Uint8Array, slot: number): Key {
  const { length } = bytes;
  const filled = new Uint8Array(Math.ceil(length / 4) * 4);
  filled.set(bytes);
  const view = new DataView(filled.buffer);
  const words = Int32Array.from({ length: filled.length / 4 }, (_, i) => view.getInt32(4 * i, true));
  return { slot, length, words, lastMask: lastWordMask(length), runBits: slot < FIELDS ? runBitsOf(slot) : 0 };
}

/** No byte of a key is a newline, so that this never looks further than the word with the line's end. */
function startsWith(view: DataView, from: number, { words, lastMask }: Key): boolean {
  const last = words.length - 1;
  let at = from;
  for (let i = 0; i < last; i++, at += 4) if (view.getInt32(at, true) !== words[i]) return false;
  return (view.getInt32(at, true) & lastMask) === words[last];
}
