import { firstAbove, orderAscending } from "../base/math/sorting.js";

/** A rising broken line through (x, y), level outside its ends; x strictly ascending, JSON-able. */
export interface IsotonicLine {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/**
 * Isotonic regression: equal scores are merged, violators pooled, and of each level stretch only the ends are kept,
 * as scikit-learn's IsotonicRegression(out_of_bounds="clip").
 */
export function fitIsotonic(score: Float64Array, y: Uint8Array, weights: Float64Array | null): IsotonicLine {
  const merged = mergeEqual(score, y, weights);
  const levels = poolViolators(merged.y, merged.weight);
  const keep = levels.flatMap((level, i) => (level === levels[i - 1] && level === levels[i + 1] ? [] : [i]));
  return { x: keep.map((i) => merged.x[i] ?? 0), y: keep.map((i) => levels[i] ?? 0) };
}

/** The line at each score, by linear interpolation. */
export function applyIsotonic({ x, y }: IsotonicLine, score: Float64Array): Float64Array {
  return score.map((s) => {
    const last = x.length - 1;
    if (last < 0) return Number.NaN;
    if (s <= x[0]!) return y[0]!;
    if (s >= x[last]!) return y[last]!;
    // Hot loop: x[low] ≤ s < x[high]; NaN stays NaN.
    const high = firstAbove(x, s);
    const low = high - 1;
    return y[low]! + ((s - x[low]!) / (x[high]! - x[low]!)) * (y[high]! - y[low]!);
  });
}

interface Merged {
  readonly x: number[];
  readonly y: number[];
  readonly weight: number[];
}

/** Distinct scores ascending, with their weighted mean label and summed weight; rows without weight are left out. */
function mergeEqual(score: Float64Array, y: Uint8Array, weights: Float64Array | null): Merged {
  const out: Merged = { x: [], y: [], weight: [] };
  for (const row of orderAscending(score)) {
    const weight = weights?.[row] ?? 1;
    if (weight === 0) continue;
    const s = score[row] ?? 0;
    if (out.x.at(-1) !== s) {
      out.x.push(s);
      out.y.push(0);
      out.weight.push(0);
    }
    const at = out.x.length - 1;
    out.weight[at]! += weight;
    out.y[at]! += weight * (y[row] ?? 0);
  }
  return { ...out, y: out.y.map((sum, i) => sum / (out.weight[i] ?? 1)) };
}

/** Pool adjacent violators: the closest non-decreasing values in weighted squares. */
function poolViolators(y: readonly number[], weight: readonly number[]): number[] {
  const blocks: { sum: number; weight: number; size: number; level: number }[] = [];
  y.forEach((value, i) => {
    const w = weight[i] ?? 1;
    let block = { sum: value * w, weight: w, size: 1, level: value };
    for (let last = blocks.at(-1); last !== undefined && last.level >= block.level; last = blocks.at(-1)) {
      blocks.pop();
      const sum = last.sum + block.sum;
      const total = last.weight + block.weight;
      block = { sum, weight: total, size: last.size + block.size, level: sum / total };
    }
    blocks.push(block);
  });
  return blocks.flatMap(({ size, level }) => new Array<number>(size).fill(level));
}
