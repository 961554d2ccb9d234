// hot loop
import type { Rng } from "../../base/rng.js";
import { type BinnedRows, countRows, distancesOf } from "./distance.js";
import { ksP } from "./ks.js";
import { dealFirst } from "./permutation-null.js";

/** What the reference system calls drift: any feature below it. */
export const REFERENCE_P = 0.05;

/**
 * How often the reference system's rule cries wolf: random halves of one table, in which nothing has drifted, and how many of them have a
 * column whose Kolmogorov-Smirnov p is below 0.05.
 *
 * @param rows columns of numbers, each value a bin of its own
 * @returns halves that would have alarmed
 */
export function referenceRuleAlarms(rows: BinnedRows, halves: number, rng: Rng): number {
  const n = Math.floor(rows.rows / 2);
  const critical = criticalDistance(n, rows.rows - n);
  const order = Int32Array.from({ length: rows.rows }, (_, i) => i);
  const all = new Int32Array(rows.from[rows.cols]!);
  countRows(rows, order, all);
  const split = { group: new Int32Array(all.length), n, all, total: rows.rows };
  const found = new Float64Array(rows.cols);
  let alarms = 0;
  for (let h = 0; h < halves; h++) {
    dealFirst(order, n, rng);
    countRows(rows, order.subarray(0, n), split.group);
    distancesOf(rows, split, found, 0);
    if (found.some((distance) => distance >= critical)) alarms++;
  }
  return alarms;
}

/** The distance from which on p is below 0.05, to 1e-12. */
function criticalDistance(n: number, m: number): number {
  let [low, high] = [0, 1];
  while (high - low > 1e-12) {
    const middle = (low + high) / 2;
    if (ksP(middle, n, m) < REFERENCE_P) high = middle;
    else low = middle;
  }
  return low - 1e-9;
}
