// hot loop
const SLOTS_MIN = 256;

/**
 * Different rows of a few numbers, each numbered from 0 when it is first met. NaN is like NaN. Mostly a tuple is the last one with
 * its first number (a code, −1 or more), so that one is compared first; open addressing for the others.
 */
export class TupleList {
  count = 0;
  private readonly width: number;
  private data: Float64Array;
  private slots = new Int32Array(SLOTS_MIN).fill(-1);
  /** By first number + 1: the tuple met last; −1 for none. */
  private last = new Int32Array(SLOTS_MIN).fill(-1);
  private taken = 0;

  constructor(width: number) {
    this.width = width;
    this.data = new Float64Array(SLOTS_MIN * width);
  }

  codeOf(tuple: Float64Array): number {
    const first = tuple[0]! + 1;
    if (first >= this.last.length) this.last = longer(this.last, Math.max(first + 1, this.last.length * 2));
    const near = this.last[first]!;
    if (near !== -1 && this.isAt(near, tuple)) return near;
    const code = this.find(tuple);
    this.last[first] = code;
    return code;
  }

  /** The number at place `at` of a tuple. */
  valueOf(code: number, at: number): number {
    return this.data[code * this.width + at]!;
  }

  /** The tuples added since the last call, one after the other. */
  takeFresh(): Float64Array<ArrayBuffer> {
    const fresh = this.data.slice(this.taken * this.width, this.count * this.width);
    this.taken = this.count;
    return fresh as Float64Array<ArrayBuffer>;
  }

  private isAt(code: number, tuple: Float64Array): boolean {
    const from = code * this.width;
    for (let i = 0; i < this.width; i++) {
      const a = this.data[from + i]!;
      const b = tuple[i]!;
      if (a !== b && !(Number.isNaN(a) && Number.isNaN(b))) return false;
    }
    return true;
  }

  private find(tuple: Float64Array): number {
    const mask = this.slots.length - 1;
    let slot = hashOf(tuple, 0, this.width) & mask;
    for (let code = this.slots[slot]!; code !== -1; code = this.slots[slot]!) {
      if (this.isAt(code, tuple)) return code;
      slot = (slot + 1) & mask;
    }
    const code = this.count++;
    if (this.count * this.width > this.data.length) this.data = doubled(this.data);
    this.data.set(tuple, code * this.width);
    this.slots[slot] = code;
    if (this.count * 2 > this.slots.length) this.rehash();
    return code;
  }

  private rehash(): void {
    const size = this.slots.length * 2;
    this.slots = new Int32Array(size).fill(-1);
    for (let code = 0; code < this.count; code++) {
      let slot = hashOf(this.data, code * this.width, this.width) & (size - 1);
      while (this.slots[slot] !== -1) slot = (slot + 1) & (size - 1);
      this.slots[slot] = code;
    }
  }
}

function hashOf(values: Float64Array, from: number, width: number): number {
  let hash = width;
  for (let i = from; i < from + width; i++) {
    const value = values[i]!;
    hash = Math.imul(hash ^ (value | 0), 0x01000193);
    hash = Math.imul(hash ^ ((value / 0x1_0000_0000) | 0), 0x01000193);
  }
  return hash ^ (hash >>> 15);
}

function longer(from: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const out = new Int32Array(length).fill(-1);
  out.set(from);
  return out;
}

function doubled(from: Float64Array): Float64Array<ArrayBuffer> {
  const out = new Float64Array(from.length * 2);
  out.set(from);
  return out;
}
