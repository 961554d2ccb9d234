import { orderDescending } from "../base/math/sorting.js";
import { type Counted, type Scored, weightsOf } from "./scored.js";

/**
 * Lift at 10%: the churn rate among the riskiest ⌈n / 10⌉ rows (ties in row order) ÷ the rate among all, by group
 * (a cutoff), then averaged with equal weight over the groups that hold a churned row. Undefined when none does.
 */
export function liftAt10Counted(scored: Scored): Counted {
  const weight = weightsOf(scored);
  const groups = rowsByGroup(scored);
  return (counts) => {
    let sum = 0;
    let rated = 0;
    for (const rows of groups) {
      const lift = liftOf(rows, scored.y, weight, counts);
      if (Number.isNaN(lift)) continue;
      sum += lift;
      rated++;
    }
    return sum / rated;
  };
}

/** Each group's rows, riskiest first. */
function rowsByGroup({ p, group }: Scored): Int32Array[] {
  const lists = new Map<number, number[]>();
  for (const row of orderDescending(p)) {
    const key = group?.[row] ?? 0;
    const list = lists.get(key);
    if (list === undefined) lists.set(key, [row]);
    else list.push(row);
  }
  return [...lists.keys()].sort((a, b) => a - b).map((key) => Int32Array.from(lists.get(key) ?? []));
}

function liftOf(rows: Int32Array, y: Uint8Array, weight: Float64Array, counts: Float64Array): number {
  let drawn = 0;
  let all = 0;
  let churned = 0;
  // Hot loops.
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    drawn += counts[row]!;
    all += counts[row]! * weight[row]!;
    churned += counts[row]! * weight[row]! * y[row]!;
  }
  if (churned === 0) return Number.NaN;
  let room = Math.ceil(drawn / 10);
  let top = 0;
  let hit = 0;
  for (let i = 0; i < rows.length && room > 0; i++) {
    const row = rows[i]!;
    const taken = Math.min(counts[row]!, room);
    room -= taken;
    top += taken * weight[row]!;
    hit += taken * weight[row]! * y[row]!;
  }
  return top === 0 ? Number.NaN : hit / top / (churned / all);
}
