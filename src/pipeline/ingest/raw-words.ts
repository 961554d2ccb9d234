// hot loop
/** No code: the bytes are not JSON of an acceptable text. */
export const NO_CODE = -3;

const SLOTS_MIN = 256;
const ARENA_BYTES_MIN = 1 << 12;

/**
 * Codes of texts by the bytes that stand between their quotes in JSON, escapes and all: a text is decoded and checked once
 * for each way of writing it, when it is first met. Open addressing.
 */
export class RawWords {
  private readonly codeOfText: (text: string) => number;
  /** Per slot: the entry, −1 for none. */
  private slots = new Int32Array(SLOTS_MIN).fill(-1);
  private hashes = new Int32Array(SLOTS_MIN);
  private codes = new Int32Array(SLOTS_MIN);
  /** Entry i lies in the arena from starts[i] to starts[i + 1]. */
  private starts = new Int32Array(SLOTS_MIN + 1);
  private arena: Uint8Array = new Uint8Array(ARENA_BYTES_MIN);
  private count = 0;

  /** @param codeOfText negative where the text is not acceptable. */
  constructor(codeOfText: (text: string) => number) {
    this.codeOfText = codeOfText;
  }

  codeOf(bytes: Uint8Array, start: number, end: number): number {
    const hash = hashOf(bytes, start, end);
    const mask = this.slots.length - 1;
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (let entry = this.slots[slot]!; entry !== -1; entry = this.slots[slot]!) {
      if (this.hashes[entry] === hash && this.holds(entry, bytes, start, end)) return this.codes[entry]!;
      slot = (slot + 1) & mask;
    }
    return this.add(bytes, start, end, hash, slot);
  }

  private holds(entry: number, bytes: Uint8Array, start: number, end: number): boolean {
    const { arena } = this;
    let at = this.starts[entry]!;
    if (this.starts[entry + 1]! - at !== end - start) return false;
    for (let i = start; i < end; i++) if (bytes[i] !== arena[at++]) return false;
    return true;
  }

  private add(bytes: Uint8Array, start: number, end: number, hash: number, slot: number): number {
    const text = decoded(bytes.subarray(start, end));
    const code = text === null ? NO_CODE : this.codeOfText(text);
    if (code < 0) return NO_CODE;
    const entry = this.count++;
    const from = this.starts[entry]!;
    const to = from + end - start;
    if (to > this.arena.length) this.arena = longer(this.arena, new Uint8Array(Math.max(this.arena.length * 2, to)));
    this.arena.set(bytes.subarray(start, end), from);
    this.starts[entry + 1] = to;
    this.hashes[entry] = hash;
    this.codes[entry] = code;
    this.slots[slot] = entry;
    if (this.count * 2 > this.slots.length) this.grow();
    return code;
  }

  private grow(): void {
    const size = this.slots.length * 2;
    this.hashes = longer(this.hashes, new Int32Array(size));
    this.codes = longer(this.codes, new Int32Array(size));
    this.starts = longer(this.starts, new Int32Array(size + 1));
    this.slots = new Int32Array(size).fill(-1);
    for (let entry = 0; entry < this.count; entry++) {
      const hash = this.hashes[entry]!;
      let slot = (hash ^ (hash >>> 15)) & (size - 1);
      while (this.slots[slot] !== -1) slot = (slot + 1) & (size - 1);
      this.slots[slot] = entry;
    }
  }
}

/** Of every byte of a short text; of each third and the last four of a longer one, which is as good for names. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  const step = hash > 24 ? 3 : 1;
  for (let at = start; at < end; at += step) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  if (step > 1) for (let at = end - 4; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  return hash;
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

function longer<T extends Int32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
