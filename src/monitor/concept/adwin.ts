// hot loop

/** Settings of `Adwin`. */
export interface AdwinOptions {
  /** Bound on the chance of a false alarm at each look, if the values are independent. */
  readonly delta?: number;
  /** Buckets of each size. */
  readonly bucketsMax?: number;
  /** Values between two looks. */
  readonly every?: number;
}

interface Row {
  /** Sums and sums of squared deviations of its buckets, the oldest first. */
  sums: number[];
  spreads: number[];
}

const SIDE_MIN = 5;

/**
 * Adaptive windowing: keeps the longest window of values in [0, 1] whose mean has not changed, and says when it had to drop its older part.
 * Buckets of 1, 2, 4 … values make it O(log n) in memory; the cut is the bound with the window's variance. (Bifet & Gavaldà 2007,
 * "Learning from time-changing data with adaptive windowing", ADWIN2.)
 */
export class Adwin {
  readonly #rows: Row[] = [];
  readonly #delta: number;
  readonly #bucketsMax: number;
  readonly #every: number;
  #width = 0;
  #sum = 0;
  #spread = 0;
  #added = 0;

  constructor({ delta = 0.002, bucketsMax = 5, every = 32 }: AdwinOptions = {}) {
    this.#delta = delta;
    this.#bucketsMax = bucketsMax;
    this.#every = every;
  }

  /** Values in the window. */
  get width(): number {
    return this.#width;
  }

  get mean(): number {
    return this.#width === 0 ? Number.NaN : this.#sum / this.#width;
  }

  /** Takes a value; true where the window was cut. */
  add(value: number): boolean {
    if (this.#width > 0) {
      this.#spread += ((value - this.mean) ** 2 * this.#width) / (this.#width + 1);
    }
    this.#width++;
    this.#sum += value;
    this.#push(0, value, 0);
    this.#compress();
    return ++this.#added % this.#every === 0 && this.#cut();
  }

  #push(level: number, sum: number, spread: number): void {
    if (this.#rows[level] === undefined) this.#rows[level] = { sums: [], spreads: [] };
    this.#rows[level]!.sums.push(sum);
    this.#rows[level]!.spreads.push(spread);
  }

  #compress(): void {
    for (let level = 0; level < this.#rows.length; level++) {
      const { sums, spreads } = this.#rows[level]!;
      if (sums.length <= this.#bucketsMax) return;
      const n = 2 ** level;
      const [a, b] = [sums.shift()!, sums.shift()!];
      const between = ((a / n - b / n) ** 2 * n) / 2;
      this.#push(level + 1, a + b, spreads.shift()! + spreads.shift()! + between);
    }
  }

  #cut(): boolean {
    let wasCut = false;
    while (this.#mustCut()) {
      wasCut = true;
      this.#dropOldest();
    }
    return wasCut;
  }

  /** Whether the means of any older and newer part differ by more than chance. */
  #mustCut(): boolean {
    const n = this.#width;
    if (n < 2 * SIDE_MIN) return false;
    const variance = this.#spread / n;
    const log = Math.log((2 * Math.log(n)) / this.#delta);
    let older = 0;
    let olderSum = 0;
    for (let level = this.#rows.length - 1; level >= 0; level--) {
      for (const sum of this.#rows[level]!.sums) {
        older += 2 ** level;
        olderSum += sum;
        const newer = n - older;
        if (newer < SIDE_MIN) return false;
        if (older < SIDE_MIN) continue;
        const m = 1 / (1 / older + 1 / newer);
        const bound = Math.sqrt((2 / m) * variance * log) + (2 / (3 * m)) * log;
        if (Math.abs(olderSum / older - (this.#sum - olderSum) / newer) > bound) return true;
      }
    }
    return false;
  }

  #dropOldest(): void {
    const level = this.#rows.length - 1;
    const { sums, spreads } = this.#rows[level]!;
    const n = 2 ** level;
    const [sum, spread] = [sums.shift()!, spreads.shift()!];
    const rest = this.#width - n;
    const difference = sum / n - (this.#sum - sum) / rest;
    this.#spread = Math.max(0, this.#spread - spread - (difference ** 2 * n * rest) / this.#width);
    this.#width = rest;
    this.#sum -= sum;
    while (this.#rows.at(-1)?.sums.length === 0) this.#rows.pop();
  }
}
