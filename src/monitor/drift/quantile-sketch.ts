// hot loop
import type { Rng } from "../../base/rng.js";
import type { Sample } from "./sample.js";

/** Values that the topmost list holds; more is more exact. */
const SIZE = 1_000;
/** How much shorter each list below is, and the shortest. */
const SHRINK = 2 / 3;
const SHORTEST = 8;

/** With 99% confidence the rank of a value is off by no more than this share of all (single-sided, as Apache DataSketches measured KLL). */
export const RANK_ERROR = 2.296 / SIZE ** 0.9723;

/**
 * Quantiles of more values than can be held: the sketch of Karnin, Lang & Liberty (2016). Lists of values, each standing for twice as
 * many as those of the list below; a full list is sorted and every second value, from the first or the second by lot, moves up. Sketches
 * of parts merge into one of the whole, in any order and grouping, with the same bound on the error of ranks.
 */
export class QuantileSketch {
  /** Values that were added; NaN is missing, and counted apart. */
  size = 0;
  missing = 0;
  #least = Number.POSITIVE_INFINITY;
  #most = Number.NEGATIVE_INFINITY;
  readonly #lists: number[][] = [[]];
  readonly #rng: Rng;

  /** @param rng of this sketch alone */
  constructor(rng: Rng) {
    this.#rng = rng;
  }

  add(value: number): void {
    if (Number.isNaN(value)) {
      this.missing++;
      return;
    }
    this.size++;
    this.#least = Math.min(this.#least, value);
    this.#most = Math.max(this.#most, value);
    this.#lists[0]!.push(value);
    if (this.#lists[0]!.length >= this.#roomOf(0)) this.#compact();
  }

  /** Takes in another, which is left as it is. */
  merge(other: QuantileSketch): void {
    this.size += other.size;
    this.missing += other.missing;
    this.#least = Math.min(this.#least, other.#least);
    this.#most = Math.max(this.#most, other.#most);
    other.#lists.forEach((list, level) => {
      while (this.#lists.length <= level) this.#lists.push([]);
      for (const value of list) this.#lists[level]!.push(value);
    });
    this.#compact();
  }

  /** Values that are held: at most about three times the size of the topmost list, however many were added. */
  get held(): number {
    return this.#lists.reduce((sum, list) => sum + list.length, 0);
  }

  /** Share of the values that are at most `value`. */
  rank(value: number): number {
    let below = 0;
    this.#lists.forEach((list, level) => {
      for (const one of list) if (one <= value) below += 2 ** level;
    });
    return this.size === 0 ? Number.NaN : below / this.size;
  }

  /**
   * A sample that stands for all values: its quantiles at even ranks, the least and the greatest among them. With missing ones in
   * proportion.
   */
  toSample(count: number): Sample {
    if (this.size === 0) return { sorted: new Float64Array(), missing: Math.min(count, this.missing) };
    const held = this.#lists.flatMap((list, level) => list.map((value) => ({ value, weight: 2 ** level })));
    held.sort((a, b) => a.value - b.value);
    const total = held.reduce((sum, { weight }) => sum + weight, 0);
    const rows = Math.min(count, this.size);
    const sorted = new Float64Array(rows);
    let at = 0;
    let passed = held[0]!.weight;
    for (let k = 0; k < rows; k++) {
      const rank = ((k + 0.5) / rows) * total;
      while (passed < rank && at < held.length - 1) passed += held[++at]!.weight;
      sorted[k] = held[at]!.value;
    }
    sorted[0] = this.#least;
    sorted[rows - 1] = rows === 1 ? held[at]!.value : this.#most;
    return { sorted, missing: Math.round((rows * this.missing) / this.size) };
  }

  /** The topmost list has all the room, those below less and less. */
  #roomOf(level: number): number {
    return Math.max(SHORTEST, Math.ceil(SIZE * SHRINK ** (this.#lists.length - 1 - level)));
  }

  /** Thins full lists, from the lowest up. */
  #compact(): void {
    for (let level = 0; level < this.#lists.length; level++) {
      const list = this.#lists[level]!;
      if (list.length < this.#roomOf(level)) continue;
      if (level + 1 === this.#lists.length) this.#lists.push([]);
      list.sort((a, b) => a - b);
      // Of an odd number one stays behind.
      const left = list.length % 2 === 1 ? [list.pop()!] : [];
      for (let i = this.#rng.below(2); i < list.length; i += 2) this.#lists[level + 1]!.push(list[i]!);
      this.#lists[level] = left;
    }
  }
}
