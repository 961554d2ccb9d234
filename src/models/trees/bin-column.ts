// hot loop
import { BINS } from "./bin-layout.js";
import { orderKey } from "./float-order.js";
import { QuantileSketch } from "./quantile-sketch.js";
import type { Job } from "./threads/jobs.js";

/** How a column is told apart. */
export interface ColumnCuts {
  /** Ascending: a value below `cuts[k]` and not below `cuts[k − 1]` is in bin k. */
  readonly cuts: Float32Array;
  /** The bin of missing values, which is the last; −1 where none is missing. */
  readonly missing: number;
}

/** Columns one after another, and where their bins go. */
export interface Binning {
  readonly rows: number;
  readonly values: Float32Array;
  readonly bins: Uint8Array;
  readonly weights: Float64Array | null;
}

/** Job k bins column k of the block, and answers its `ColumnCuts` or null. */
export function binJob({ rows, values, bins, weights }: Binning): Job {
  const binner = new ColumnBinner(rows, weights);
  return (k) => binner.of(values.subarray(k * rows, (k + 1) * rows), bins.subarray(k * rows, (k + 1) * rows));
}

/** Float32 has no larger finite number: infinities are taken for it, as JSON and ONNX have no infinite thresholds. */
const LARGEST = 3.4028234663852886e38;

class ColumnBinner {
  private readonly sketch: QuantileSketch;
  private readonly weights: Float64Array | null;

  constructor(rows: number, weights: Float64Array | null) {
    // By weight, so that a row of weight 2 is sketched as the row twice.
    const total = weights === null ? rows : weights.reduce((sum, weight) => sum + weight, 0);
    this.sketch = new QuantileSketch(Math.max(rows, Math.ceil(total)), BINS);
    this.weights = weights;
  }

  /** Sets the bins of one column, whose infinities are made finite; null when it tells nothing. */
  of(column: Float32Array, bins: Uint8Array): ColumnCuts | null {
    const { weights, sketch } = this;
    let lowest = Number.POSITIVE_INFINITY;
    let missing = false;
    let missingWeight = 0;
    for (let i = 0; i < column.length; i++) {
      const given = column[i]!;
      const value = Math.min(Math.max(given, -LARGEST), LARGEST);
      if (value !== given) column[i] = value;
      const weight = weights === null ? 1 : weights[i]!;
      if (Number.isNaN(value)) {
        missing = true;
        missingWeight += weight;
        continue;
      }
      if (weight > 0 && value < lowest) lowest = value;
    }
    sketch.push(column, weights);
    // Missing values take a bin, and where there are any the first cut is below all others, so that missing can be told from all of them.
    const found = sketch.cuts(missing ? BINS - 2 : BINS);
    const parted = missingWeight > 0 && lowest > -LARGEST && lowest <= LARGEST;
    const cuts = Float32Array.from(parted ? [-LARGEST, ...found] : found);
    if (cuts.length === 0) return null;
    const missingBin = missing ? cuts.length + 1 : -1;
    setBins(column, cuts, missingBin, bins);
    return { cuts, missing: missingBin };
  }
}

/** A value's bin is looked up by the leading bits of its order key; what of a bucket's cuts is not above it is counted. */
const KEY_SHIFT = 16;
const lowestBins = new Uint8Array(2 ** (32 - KEY_SHIFT));

function setBins(column: Float32Array, cuts: Float32Array, missing: number, bins: Uint8Array): void {
  const cutKeys = new Int32Array(cuts.buffer, cuts.byteOffset, cuts.length);
  let from = 0;
  cutKeys.forEach((cut, k) => {
    // Values in a bucket below the cut's have at most k cuts below them; in the cut's own, k at least.
    const bucket = orderKey(cut) >>> KEY_SHIFT;
    if (bucket + 1 <= from) return;
    lowestBins.fill(k, from, bucket + 1);
    from = bucket + 1;
  });
  lowestBins.fill(cuts.length, from);
  const keys = new Int32Array(column.buffer, column.byteOffset, column.length);
  const last = cuts.length;
  for (let i = 0; i < column.length; i++) {
    const value = column[i]!;
    if (Number.isNaN(value)) {
      bins[i] = missing;
      continue;
    }
    let bin = lowestBins[orderKey(keys[i]!) >>> KEY_SHIFT]!;
    while (bin < last && cuts[bin]! <= value) bin++;
    bins[i] = bin;
  }
}
