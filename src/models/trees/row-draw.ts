// hot loop
import type { Rng } from "../../base/rng.js";

/*
 * A weight of 2 is the row twice. So draws are made not of rows but of their copies: a row of weight 2.5 has two of weight 1 and one
 * of a half. The copies of weighted rows and those of the same rows written down repeatedly meet the same draws.
 */

/** What is left of each row's weight when every copy is kept with probability `share`; null weights are all 1. */
export function subsampled(weights: Float64Array, share: number, rng: Rng): Float64Array {
  if (share >= 1) return weights;
  const kept = new Float64Array(weights.length);
  for (let i = 0; i < weights.length; i++) {
    let left = weights[i]!;
    let own = 0;
    for (; left > 0; left--) if (rng.uniform() < share) own += Math.min(left, 1);
    kept[i] = own;
  }
  return kept;
}

/** How often each row was drawn, of how many of its copies it was, and the weight of copies that were not. */
export interface Bootstrap {
  readonly draws: Uint32Array;
  readonly copies: Uint32Array;
  readonly outOfBag: Float64Array;
}

/** Draws as many copies as the rows weigh, with replacement, in proportion to weight. */
export class Bootstrapper {
  private readonly weights: Float64Array;
  /** Total weight, and number of copies, of the rows before each. */
  private readonly before: Float64Array;
  private readonly copiesBefore: Float64Array;

  constructor(weights: Float64Array) {
    const rows = weights.length;
    this.weights = weights;
    this.before = new Float64Array(rows + 1);
    this.copiesBefore = new Float64Array(rows + 1);
    for (let i = 0; i < rows; i++) {
      this.before[i + 1] = this.before[i]! + weights[i]!;
      this.copiesBefore[i + 1] = this.copiesBefore[i]! + Math.ceil(weights[i]!);
    }
  }

  draw(rng: Rng): Bootstrap {
    const { weights, before, copiesBefore } = this;
    const rows = weights.length;
    const total = before[rows]!;
    const drawn = new Uint8Array(copiesBefore[rows]!);
    const draws = new Uint32Array(rows);
    for (let n = Math.max(1, Math.round(total)); n > 0; n--) {
      const place = rng.uniform() * total;
      const row = this.rowAt(place);
      draws[row]!++;
      const copy = Math.min(Math.floor(place - before[row]!), Math.ceil(weights[row]!) - 1);
      drawn[copiesBefore[row]! + copy] = 1;
    }
    const copies = new Uint32Array(rows);
    const outOfBag = new Float64Array(rows);
    for (let i = 0; i < rows; i++) {
      for (let c = copiesBefore[i]!, left = weights[i]!; left > 0; c++, left--) {
        if (drawn[c] === 1) copies[i]!++;
        else outOfBag[i]! += Math.min(left, 1);
      }
    }
    return { draws, copies, outOfBag };
  }

  /** The row in whose stretch of the total weight a place lies. */
  private rowAt(place: number): number {
    let low = 0;
    let high = this.weights.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.before[middle]! <= place) low = middle;
      else high = middle - 1;
    }
    // Rounding may lead to a row without weight behind the last.
    while (this.weights[low] === 0 && low > 0) low--;
    return low;
  }
}
