// hot loop
import { FloatOrder } from "./float-order.js";
import { QuantileSummary } from "./quantile-summary.js";

/** How much finer than the bins asked for the sketch is. */
const FINENESS = 8;

/**
 * Sketches the weighted quantiles of one column after another in memory that does not grow with the rows: the cuts come out as those
 * of XGBoost 2.1's `hist`, so that the same trees can grow. Columns of few values are sketched exactly.
 */
export class QuantileSketch {
  private readonly room: number;
  private readonly binsMax: number;
  private readonly values: Float32Array;
  private readonly weights: Float32Array;
  private readonly order: FloatOrder;
  private readonly merged: QuantileSummary;
  private readonly pruned: QuantileSummary;
  private levels: QuantileSummary[] = [];
  private count = 0;

  /** @param entries most values of a column, or their weight where that is more */
  constructor(entries: number, binsMax: number) {
    this.binsMax = Math.max(1, Math.min(binsMax, entries));
    this.room = roomOf(entries, this.binsMax * FINENESS);
    this.values = new Float32Array(2 * this.room);
    this.weights = new Float32Array(2 * this.room);
    this.order = new FloatOrder(2 * this.room);
    this.merged = new QuantileSummary(2 * this.room);
    this.pruned = new QuantileSummary(this.room);
  }

  /** Adds a column, but for missing values and those without weight; null weights are all 1. */
  push(column: Float32Array, weights: Float64Array | null): void {
    const { values, weights: own } = this;
    let count = this.count;
    for (let i = 0; i < column.length; i++) {
      const value = column[i]!;
      const weight = weights === null ? 1 : weights[i]!;
      if (Number.isNaN(value) || weight === 0) continue;
      if (count > 0 && values[count - 1] === value) {
        own[count - 1]! += weight;
        continue;
      }
      if (count === values.length) {
        this.collect(count);
        this.settle();
        count = 0;
      }
      values[count] = value;
      own[count++] = weight;
    }
    this.count = count;
  }

  /** The thresholds of the column pushed: at most one fewer than the bins; the next column may be pushed then. */
  cuts(binsMax: number): number[] {
    const { merged, pruned, room } = this;
    this.collect(this.count);
    this.count = 0;
    pruned.prune(merged, room);
    for (const level of this.levels) {
      if (level.size === 0) continue;
      merged.merge(pruned, level);
      pruned.prune(merged, room);
    }
    this.levels = [];
    merged.prune(pruned, this.binsMax * FINENESS);
    const bins = Math.min(binsMax, this.binsMax);
    pruned.prune(merged, bins + 1);
    // Adding 0 takes the sign off −0.
    return Array.from(pruned.value.subarray(1, Math.min(pruned.size, bins)), (value) => value + 0);
  }

  private collect(count: number): void {
    const values = this.values.subarray(0, count);
    this.merged.collect(values, this.weights, this.order.of(values));
  }

  /** Puts what is collected on the first level with room, merged with those below, as a binary counter carries. */
  private settle(): void {
    const { merged, pruned, room } = this;
    for (let l = 0; ; l++) {
      const level = this.levels[l] ?? new QuantileSummary(room);
      this.levels[l] = level;
      if (level.size === 0) {
        level.prune(merged, room);
        return;
      }
      pruned.prune(merged, room);
      merged.merge(pruned, level);
      if (merged.size <= room) {
        level.copy(merged);
        return;
      }
      level.size = 0;
    }
  }
}

/** Entries that each level needs for ranks to be off by a 1/fineness-th of all at most. */
function roomOf(entries: number, fineness: number): number {
  for (let levels = 1; ; levels++) {
    const room = Math.min(entries, levels * fineness + 1);
    if (2 ** levels * room >= entries) return room;
  }
}
