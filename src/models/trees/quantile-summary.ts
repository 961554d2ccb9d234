// hot loop
/**
 * Values of a column in ascending order, each with the least and greatest rank it may have by weight, and the least weight it has
 * alone: the weighted quantile summary of Chen & Guestrin 2016 (appendix), step for step as XGBoost 2.1 computes it.
 */
export class QuantileSummary {
  size = 0;
  readonly value: Float32Array;
  readonly rankMin: Float32Array;
  readonly rankMax: Float32Array;
  readonly weight: Float32Array;

  constructor(room: number) {
    this.value = new Float32Array(room);
    this.rankMin = new Float32Array(room);
    this.rankMax = new Float32Array(room);
    this.weight = new Float32Array(room);
  }

  private push(value: number, rankMin: number, rankMax: number, weight: number): void {
    const at = this.size++;
    this.value[at] = value;
    this.rankMin[at] = rankMin;
    this.rankMax[at] = rankMax;
    this.weight[at] = weight;
  }

  private pushFrom(other: QuantileSummary, i: number): void {
    this.push(other.value[i]!, other.rankMin[i]!, other.rankMax[i]!, other.weight[i]!);
  }

  copy(other: QuantileSummary): void {
    this.size = 0;
    for (let i = 0; i < other.size; i++) this.pushFrom(other, i);
  }

  /** Becomes the exact summary of values taken in ascending order. */
  collect(values: Float32Array, weights: Float32Array, order: Uint32Array): void {
    this.size = 0;
    let total = 0;
    for (let i = 0; i < order.length; ) {
      const value = values[order[i]!]!;
      let weight = 0;
      for (; i < order.length && values[order[i]!] === value; i++) weight += weights[order[i]!]!;
      this.push(value, total, total + weight, weight);
      total = Math.fround(total + weight);
    }
  }

  /** Becomes the summary of what two others summarise. */
  merge(a: QuantileSummary, b: QuantileSummary): void {
    this.size = 0;
    let i = 0;
    let j = 0;
    let beforeA = 0;
    let beforeB = 0;
    while (i < a.size || j < b.size) {
      const takesA = j === b.size || (i < a.size && a.value[i]! <= b.value[j]!);
      const takesB = i === a.size || (j < b.size && b.value[j]! <= a.value[i]!);
      if (takesA && takesB) {
        const rankMin = a.rankMin[i]! + b.rankMin[j]!;
        this.push(a.value[i]!, rankMin, a.rankMax[i]! + b.rankMax[j]!, a.weight[i]! + b.weight[j]!);
      } else if (takesA) {
        this.push(a.value[i]!, a.rankMin[i]! + beforeB, a.rankMax[i]! + b.rankMaxBefore(j), a.weight[i]!);
      } else {
        this.push(b.value[j]!, b.rankMin[j]! + beforeA, b.rankMax[j]! + a.rankMaxBefore(i), b.weight[j]!);
      }
      if (takesA) beforeA = a.rankMinAfter(i++);
      if (takesB) beforeB = b.rankMinAfter(j++);
    }
  }

  /** The least rank of anything above entry i. */
  private rankMinAfter(i: number): number {
    return Math.fround(this.rankMin[i]! + this.weight[i]!);
  }

  /** The greatest rank of anything below entry i; behind the last entry, of anything. */
  private rankMaxBefore(i: number): number {
    return i < this.size ? Math.fround(this.rankMax[i]! - this.weight[i]!) : this.rankMax[this.size - 1]!;
  }

  /** Becomes at most `room` entries of another, of evenly spaced ranks, its first and last among them. */
  prune(from: QuantileSummary, room: number): void {
    if (from.size <= room) {
      this.copy(from);
      return;
    }
    const begin = from.rankMax[0]!;
    const last = from.size - 1;
    const range = Math.fround(from.rankMin[last]! - begin);
    const steps = room - 1;
    this.size = 0;
    this.pushFrom(from, 0);
    let i = 1;
    let taken = 0;
    for (let k = 1; k < steps; k++) {
      const twice = 2 * Math.fround(Math.fround(Math.fround(k * range) / steps) + begin);
      while (i < last && twice >= Math.fround(from.rankMax[i + 1]! + from.rankMin[i + 1]!)) i++;
      if (i === last) break;
      const between = from.rankMinAfter(i) + from.rankMaxBefore(i + 1);
      const nearest = twice < Math.fround(between) ? i : i + 1;
      if (nearest !== taken) this.pushFrom(from, nearest);
      taken = nearest;
    }
    if (taken !== last) this.pushFrom(from, last);
  }
}
