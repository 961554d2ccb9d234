import { orderAscending, sortedQuantile } from "../base/math/sorting.js";
import type { Rng } from "../base/rng.js";
import { outcomeDraws } from "./outcome-draws.js";
import { type Counted, type Scored, weightsOf } from "./scored.js";

const BINS = 10;
const DRAWS = 500;
const PERFECT_SHARE = 0.95;

/**
 * Expected calibration error: rows by ascending p in 10 bins of equal row count (the first get the odd ones); the
 * bins' |mean y − mean p|, weighted by their share of the weight.
 */
export function eceCounted(scored: Scored): Counted {
  const weights = weightsOf(scored);
  const row = orderAscending(scored.p);
  const weight = Float64Array.from(row, (r) => weights[r] ?? 0);
  const gap = Float64Array.from(row, (r) => (scored.y[r] ?? 0) - (scored.p[r] ?? 0));
  return (counts) => {
    let drawn = 0;
    for (let i = 0; i < row.length; i++) drawn += counts[row[i]!]!;
    const sizeOf = (bin: number) => Math.floor(drawn / BINS) + (bin < drawn % BINS ? 1 : 0);
    let bin = 0;
    let room = sizeOf(0);
    let off = 0;
    let sum = 0;
    let total = 0;
    // Hot loop. A row drawn more than once may straddle two bins, as its copies would.
    for (let i = 0; i < row.length; i++) {
      let copies = counts[row[i]!]!;
      total += copies * weight[i]!;
      while (copies > 0) {
        const taken = Math.min(copies, room);
        off += taken * weight[i]! * gap[i]!;
        copies -= taken;
        room -= taken;
        if (room > 0) continue;
        sum += Math.abs(off);
        off = 0;
        bin++;
        room = bin < BINS ? sizeOf(bin) : Number.POSITIVE_INFINITY;
      }
    }
    return (sum + Math.abs(off)) / total;
  };
}

/**
 * The 95th percentile of `ece` were the probabilities perfectly calibrated: outcomes drawn from p itself, 500 times, rows of one user
 * with overlapping windows together (`outcomeDraws`). An `ece` below it is no evidence of miscalibration.
 */
export function eceExpected(scored: Scored, rng: Rng): number {
  const order = orderAscending(scored.p);
  const n = order.length;
  const weights = weightsOf(scored);
  const total = weights.reduce((sum, w) => sum + w, 0);
  const binOf = new Uint8Array(n);
  const expected = new Float64Array(BINS);
  for (let bin = 0, i = 0; bin < BINS; bin++) {
    const end = i + Math.floor(n / BINS) + (bin < n % BINS ? 1 : 0);
    for (; i < end; i++) {
      const row = order[i]!; // hot loop
      binOf[row] = bin;
      expected[bin]! += weights[row]! * scored.p[row]!;
    }
  }
  const draw = outcomeDraws(scored, rng);
  const draws = Float64Array.from({ length: DRAWS }, () => {
    const off = expected.map((sum) => -sum);
    draw((row) => {
      off[binOf[row]!]! += weights[row]!; // hot loop
    });
    return off.reduce((sum, value) => sum + Math.abs(value), 0) / total;
  });
  return sortedQuantile(draws.sort(), PERFECT_SHARE);
}
