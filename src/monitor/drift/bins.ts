// hot loop
import type { Sample } from "./sample.js";

/**
 * What distances are measured at: the upper ends of the bins of a column of numbers, ascending, or the number of its categories. Bin 0 is
 * that of missing values.
 */
export type Bins = { readonly edges: Float64Array } | { readonly levels: number };

/** So few values are each a bin of their own, and nothing is lost; more fall into as many bins of equal size. */
const EDGES_MAX = 127;

export function binsOf({ sorted }: Sample, edgesMax: number = EDGES_MAX): Bins {
  const distinct: number[] = [];
  for (let i = 0; i < sorted.length; i++) {
    if (i > 0 && sorted[i] === sorted[i - 1]) continue;
    distinct.push(sorted[i]!);
    if (distinct.length > edgesMax) return { edges: evenEdges(sorted, edgesMax) };
  }
  return { edges: Float64Array.from(distinct) };
}

function evenEdges(sorted: Float64Array, count: number): Float64Array {
  const edges: number[] = [];
  for (let k = 1; k <= count; k++) {
    const edge = sorted[Math.ceil((k * sorted.length) / (count + 1)) - 1]!;
    if (edge !== edges.at(-1)) edges.push(edge);
  }
  return Float64Array.from(edges);
}

/** Bins of a column, that of missing values and the one beyond the last edge among them. */
export function binCount(bins: Bins): number {
  return "edges" in bins ? bins.edges.length + 2 : bins.levels + 1;
}

/** The bin of a value; NaN is missing. */
export function binOf(bins: Bins, value: number): number {
  if (Number.isNaN(value)) return 0;
  if (!("edges" in bins)) return value + 1;
  const { edges } = bins;
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (edges[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low + 1;
}

/** Rows of a sample by bin. */
export function countsOf(bins: Bins, { sorted, missing }: Sample): Int32Array {
  const counts = new Int32Array(binCount(bins));
  counts[0] = missing;
  if (!("edges" in bins)) {
    for (let i = 0; i < sorted.length; i++) counts[sorted[i]! + 1]! += 1;
    return counts;
  }
  let at = 0;
  for (let k = 0; k < bins.edges.length; k++) {
    const from = at;
    at = firstBeyond(sorted, bins.edges[k]!, from);
    counts[k + 1] = at - from;
  }
  counts[bins.edges.length + 1] = sorted.length - at;
  return counts;
}

/** Index of the first value above `value`, searched in growing steps from `from` on. */
function firstBeyond(sorted: Float64Array, value: number, from: number): number {
  let low = from;
  let step = 1;
  while (low + step <= sorted.length && sorted[low + step - 1]! <= value) {
    low += step;
    step *= 2;
  }
  let high = Math.min(sorted.length, low + step);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
