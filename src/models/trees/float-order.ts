// hot loop
const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
const PASSES = 3;

/** Sorts up to `room` float32 values without NaN in linear time, again and again in the same memory. */
export class FloatOrder {
  private keys: Uint32Array;
  private otherKeys: Uint32Array;
  private order: Uint32Array;
  private otherOrder: Uint32Array;
  private readonly counts = new Uint32Array(DIGITS * PASSES);

  constructor(room: number) {
    this.keys = new Uint32Array(room);
    this.otherKeys = new Uint32Array(room);
    this.order = new Uint32Array(room);
    this.otherOrder = new Uint32Array(room);
  }

  /**
   * Places of the values in ascending order, equals in their own order (radix sort, least digit first).
   * The answer is overwritten by the next call.
   */
  of(values: Float32Array): Uint32Array {
    const n = values.length;
    const bits = new Uint32Array(values.buffer, values.byteOffset, n);
    const { counts, keys, order } = this;
    counts.fill(0);
    for (let i = 0; i < n; i++) {
      const key = orderKey(bits[i]!);
      keys[i] = key;
      order[i] = i;
      for (let pass = 0; pass < PASSES; pass++) counts[pass * DIGITS + digitOf(key, pass)]!++;
    }
    for (let pass = 0; pass < PASSES; pass++) {
      // One digit for all: nothing to sort by.
      if (n === 0 || counts[pass * DIGITS + digitOf(this.keys[0]!, pass)] === n) continue;
      this.sortBy(pass, n);
    }
    return this.order.subarray(0, n);
  }

  private sortBy(pass: number, n: number): void {
    const { counts, keys, otherKeys, order, otherOrder } = this;
    const base = pass * DIGITS;
    for (let d = 0, at = 0; d < DIGITS; d++) {
      const count = counts[base + d]!;
      counts[base + d] = at;
      at += count;
    }
    for (let i = 0; i < n; i++) {
      const key = keys[i]!;
      const to = counts[base + digitOf(key, pass)]!++;
      otherKeys[to] = key;
      otherOrder[to] = order[i]!;
    }
    this.keys = otherKeys;
    this.otherKeys = keys;
    this.order = otherOrder;
    this.otherOrder = order;
  }
}

function digitOf(key: number, pass: number): number {
  return (key >>> (pass * DIGIT_BITS)) & (DIGITS - 1);
}

/** The bits of a float32 as a whole number that grows with it. */
export function orderKey(bits: number): number {
  return (bits & 0x80000000) !== 0 ? ~bits >>> 0 : (bits | 0x80000000) >>> 0;
}
