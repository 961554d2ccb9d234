import { assert } from "../base/assert.js";
import type { Rng } from "../base/rng.js";

/** Draws an index with fixed weights in constant time (alias method, Vose 1991). */
export interface Lottery {
  draw(rng: Rng): number;
}

export function lottery(weights: ArrayLike<number>): Lottery {
  const n = weights.length;
  assert(n > 0, "a lottery needs a ticket");
  const total = Array.from(weights).reduce((sum, weight) => sum + weight, 0);
  const keep = Float64Array.from(weights, (weight) => (weight / total) * n);
  const alias = Int32Array.from(keep.keys());
  const small: number[] = [];
  const large: number[] = [];
  keep.forEach((share, i) => {
    (share < 1 ? small : large).push(i);
  });
  while (small.length > 0 && large.length > 0) {
    const low = small.pop() as number;
    const high = large.pop() as number;
    alias[low] = high;
    keep[high] = (keep[high] as number) + (keep[low] as number) - 1;
    ((keep[high] as number) < 1 ? small : large).push(high);
  }
  for (const i of [...small, ...large]) keep[i] = 1;
  return {
    draw(rng) {
      const x = rng.uniform() * n;
      const i = Math.floor(x);
      return x - i < keep[i]! ? i : alias[i]!; // hot loop
    },
  };
}
