// hot loop
/** Float32 has no larger finite number: infinities are taken for it, as JSON and ONNX have no infinite thresholds. */
export const LARGEST = 3.4028234663852886e38;

/** The float32 that a value is compared as, infinities made finite; NaN stays. */
export function comparable(value: number): number {
  return Math.min(Math.max(Math.fround(value), -LARGEST), LARGEST);
}

/** Different values of a column, ascending, and the weight that each has. */
export interface Distinct {
  readonly values: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
  readonly count: number;
}

/**
 * Thresholds that part a column into at most `binsMax` bins: a value is in the bin of the first threshold above it. One between any
 * two values where they are few; otherwise below each value that a rank evenly spaced by weight falls on, as XGBoost's quantile
 * sketch has it (Chen & Guestrin 2016, appendix), so that heavy values cost bins. Each is the float32 midpoint of two neighbours.
 */
export function cutsOf(distinct: Distinct, binsMax: number): number[] {
  const { values, count } = distinct;
  const cuts: number[] = [];
  if (count <= binsMax) {
    for (let i = 1; i < count; i++) cuts.push(between(values[i - 1]!, values[i]!));
    return cuts;
  }
  for (const first of firstOfEachBin(distinct, binsMax)) cuts.push(between(values[first - 1]!, values[first]!));
  return cuts;
}

/** Numbers of the values that bins begin with, but for the first bin's. */
function firstOfEachBin({ weights, count }: Distinct, binsMax: number): number[] {
  let total = 0;
  for (let i = 0; i < count; i++) total += weights[i]!;
  const lowest = weights[0]!;
  const range = total - weights[count - 1]! - lowest;
  const firsts: number[] = [];
  let at = 0;
  let upTo = lowest;
  for (let k = 1; k < binsMax; k++) {
    const rank = lowest + (k * range) / (binsMax + 1);
    while (upTo <= rank && at < count - 1) upTo += weights[++at]!;
    if (at > (firsts[firsts.length - 1] ?? 0)) firsts.push(at);
  }
  return firsts;
}

/** A float32 above `low` and not above `high`; adding 0 takes the sign off −0. */
function between(low: number, high: number): number {
  const middle = Math.fround(low + (high - low) / 2);
  return (middle > low ? middle : high) + 0;
}
