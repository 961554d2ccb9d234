// hot loop
/** How far columns lie apart where nothing differs: distances of many resamples. */
export interface NullDistances {
  readonly resamples: number;
  readonly cols: number;
  /** Resample by resample, column by column. */
  readonly distances: Float64Array;
}

/** What an observed distance is held against. */
export interface Thresholds {
  readonly resamples: number;
  /** The 99% quantile of each column's distances: columns of few values lie closer together than others, and count by their own measure. */
  readonly scale: Float64Array;
  /** Of each resample the largest weighted distance over its column's scale, ascending. */
  readonly largest: Float64Array;
  /** Of each column its distances, ascending. */
  readonly ofColumn: readonly Float64Array[];
}

const SCALE_LEVEL = 0.99;

/**
 * @param weights of the columns, 0 for one that cannot alarm
 * @param observed distances that were found: where resamples are permutations they are one more of them, and must be treated alike
 */
export function thresholdsOf(
  { resamples, cols, distances }: NullDistances,
  weights: readonly number[],
  observed: Float64Array | null = null,
): Thresholds {
  const ofColumn = Array.from({ length: cols }, (_, j) => {
    const own = new Float64Array(resamples);
    for (let r = 0; r < resamples; r++) own[r] = distances[r * cols + j]!;
    return own.sort();
  });
  const scale = Float64Array.from(ofColumn, (own, j) => quantileWith(own, observed === null ? null : observed[j]!));
  const largest = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    let most = 0;
    for (let j = 0; j < cols; j++) {
      const own = weighted(distances[r * cols + j]!, scale[j]!, weights[j]!);
      if (own > most) most = own;
    }
    largest[r] = most;
  }
  return { resamples, scale, largest: largest.sort(), ofColumn };
}

/** A column that is the same in every resample cannot differ; where it differs all the same it is beyond all of them. */
export function weighted(distance: number, scale: number, weight: number): number {
  if (weight === 0 || distance === 0) return 0;
  return scale > 0 ? (weight * distance) / scale : Number.POSITIVE_INFINITY;
}

/** The value of rank ⌈0.99 N⌉ among `ascending` and one more. */
function quantileWith(ascending: Float64Array, more: number | null): number {
  const rank = Math.ceil(SCALE_LEVEL * (ascending.length + (more === null ? 0 : 1)));
  const here = ascending[rank - 1] ?? Number.POSITIVE_INFINITY;
  if (more === null || more >= here) return here;
  return Math.max(more, ascending[rank - 2] ?? 0);
}

/** (1 + resamples at least as far) ÷ (1 + resamples): a p-value that is exact for permutations, and never 0 (Phipson & Smyth 2010). */
export function tailOf(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return (1 + ascending.length - low) / (1 + ascending.length);
}
