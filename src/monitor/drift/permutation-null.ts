// hot loop
import type { Rng } from "../../base/rng.js";
import { type BinnedRows, countRows, distancesOf } from "./distance.js";
import type { NullDistances } from "./null-distances.js";

/**
 * Distances where nothing differs: the rows of two tables put together and dealt out again into groups of `n` and of the rest. Exact
 * where rows are exchangeable, that is where each is somebody else's and both tables were drawn from one population.
 */
export function permutationNull(
  pooled: BinnedRows,
  { n, resamples }: { readonly n: number; readonly resamples: number },
  rng: Rng,
): NullDistances {
  const { rows, cols, from } = pooled;
  const distances = new Float64Array(resamples * cols);
  const all = new Int32Array(from[cols]!);
  const order = Int32Array.from({ length: rows }, (_, i) => i);
  countRows(pooled, order, all);
  // The distance is the same whichever group is which: the smaller one is counted.
  const size = Math.min(n, rows - n);
  const group = new Int32Array(all.length);
  const split = { group, n: size, all, total: rows };
  for (let r = 0; r < resamples; r++) {
    dealFirst(order, size, rng);
    countRows(pooled, order.subarray(0, size), group);
    distancesOf(pooled, split, distances, r * cols);
  }
  return { resamples, cols, distances };
}

/** Puts `size` rows, drawn without replacement, to the front (Fisher-Yates, broken off). */
export function dealFirst(order: Int32Array, size: number, rng: Rng): void {
  for (let i = 0; i < size; i++) {
    const j = i + rng.below(order.length - i);
    const held = order[i]!;
    order[i] = order[j]!;
    order[j] = held;
  }
}
