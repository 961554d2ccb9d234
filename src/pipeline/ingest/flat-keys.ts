// hot loop
import { EVENT_FIELDS } from "../../schema/event-limits.js";
import { KnownFields } from "./known-fields.js";
import type { FieldMap } from "./part.js";

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const KEY_BYTES_MAX = 100;
/** A line's fields are marked in one 32-bit number. */
const SLOTS_MAX = 31;

interface Key {
  /** With both quotes and the colon. */
  readonly bytes: Uint8Array;
  readonly slot: number;
}

/**
 * Finds the fields of flat JSON by the bytes of their keys: most lines have the keys of the line before in the same order,
 * so that one is compared first. Slots are the fields of `EVENT_FIELDS`, then the first few that are none of ours.
 */
export class FlatKeys {
  /** Behind the colon of the key found last. */
  end = 0;
  private readonly sources: KnownFields["sources"];
  /** The key met last at each position of a line. */
  private readonly expected: Key[] = [];
  private readonly keys: Key[] = [];
  private readonly unknown: string[] = [];
  private readonly counts = new Float64Array(SLOTS_MAX);

  constructor(map: FieldMap) {
    this.sources = new KnownFields(map).sources;
  }

  /** The slot of the key at `from`; −1 for a key that is to be parsed. */
  slotAt(bytes: Uint8Array, from: number, position: number): number {
    const key = this.expected[position];
    if (key !== undefined && startsWith(bytes, from, key.bytes)) {
      this.end = from + key.bytes.length;
      return key.slot;
    }
    const found = this.keys.find((known) => startsWith(bytes, from, known.bytes)) ?? this.learn(bytes, from);
    if (found === null) return -1;
    this.expected[position] = found;
    this.end = from + found.bytes.length;
    return found.slot;
  }

  /** Counts the fields that are none of ours of a line that was read. */
  countUnknown(seen: number): void {
    for (let slot = EVENT_FIELDS.length; slot < SLOTS_MAX; slot++) if ((seen & (1 << slot)) !== 0) this.counts[slot]!++;
  }

  takeCounts(fields: KnownFields): void {
    this.unknown.forEach((name, i) => {
      const rows = this.counts[EVENT_FIELDS.length + i]!;
      if (rows > 0) fields.count(name, rows);
    });
    this.counts.fill(0);
  }

  private learn(bytes: Uint8Array, from: number): Key | null {
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
    const key = { bytes: Uint8Array.from(bytes.subarray(from, at + 2)), slot };
    this.keys.push(key);
    return key;
  }

  private unknownSlot(name: string): number {
    // An object's own __proto__ is not what one expects.
    if (name === "__proto__" || EVENT_FIELDS.length + this.unknown.length >= SLOTS_MAX) return -1;
    return EVENT_FIELDS.length + this.unknown.push(name) - 1;
  }
}

function startsWith(bytes: Uint8Array, from: number, key: Uint8Array): boolean {
  for (let i = 0; i < key.length; i++) if (bytes[from + i] !== key[i]) return false;
  return true;
}
