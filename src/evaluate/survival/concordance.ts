// hot loop
import type { FollowUp } from "../../models/survival/person-period.js";
import type { CensoringSurvival } from "./censoring.js";

/** Rows with a score: the larger, the sooner. `weight` is how often each counts. */
export interface ScoredFollowUp extends FollowUp {
  readonly risk: Float64Array;
  readonly weight?: Float64Array;
}

/**
 * Uno's C (Uno et al. 2011): of two rows, one of which had the event before `tauDays` and before the other's time, the probability that
 * it had the larger risk; equal risks count half. A pair weighs 1 ÷ G(t)², for the pairs that censoring hid. Of two rows of one
 * time, the one whose event it was came first. NaN without a pair.
 *
 * O(n log n): rows are taken from the latest on, and a Fenwick tree counts those that came later by risk.
 */
export function concordanceIpcw(
  { days, event, risk, weight }: ScoredFollowUp,
  censoring: CensoringSurvival,
  tauDays: number,
): number {
  const order = Int32Array.from(days.keys()).sort((a, b) => days[b]! - days[a]!);
  const rank = ranksOf(risk);
  const later = new Fenwick(risk.length);
  let total = 0;
  let concordant = 0;
  let pairs = 0;
  const add = (row: number): void => {
    const w = weight === undefined ? 1 : weight[row]!;
    later.add(rank[row]!, w);
    total += w;
  };
  for (let from = 0; from < order.length; ) {
    let to = from;
    for (; to < order.length && days[order[to]!] === days[order[from]!]; to++) {
      if (event[order[to]!] !== 1) add(order[to]!);
    }
    for (let i = from; i < to; i++) {
      const row = order[i]!;
      if (event[row] !== 1 || days[row]! >= tauDays) continue;
      const force = (weight === undefined ? 1 : weight[row]!) / censoring.before(days[row]!) ** 2;
      const below = later.sumBelow(rank[row]!);
      const equal = later.sumBelow(rank[row]! + 1) - below;
      concordant += force * (below + equal / 2);
      pairs += force * total;
    }
    for (let i = from; i < to; i++) if (event[order[i]!] === 1) add(order[i]!);
    from = to;
  }
  return pairs > 0 ? concordant / pairs : Number.NaN;
}

/** Place of each value among the distinct values, ascending. */
function ranksOf(values: Float64Array): Int32Array {
  const sorted = Float64Array.from(new Set(values)).sort();
  const place = new Map<number, number>();
  for (let i = 0; i < sorted.length; i++) place.set(sorted[i]!, i);
  return Int32Array.from(values, (value) => place.get(value) ?? 0);
}

/** Sums of a prefix of numbers that grow (Fenwick 1994). */
class Fenwick {
  readonly #sums: Float64Array;

  constructor(size: number) {
    this.#sums = new Float64Array(size + 1);
  }

  add(place: number, amount: number): void {
    for (let i = place + 1; i < this.#sums.length; i += i & -i) this.#sums[i]! += amount;
  }

  /** Of the places before `place`. */
  sumBelow(place: number): number {
    let sum = 0;
    for (let i = place; i > 0; i -= i & -i) sum += this.#sums[i]!;
    return sum;
  }
}
