import { firstAbove, sortedQuantile } from "../../base/math/sorting.js";
import { type Sample, sizeOf } from "./sample.js";

/** A share of nothing would make a ratio infinite. */
const SHARE_MIN = 1e-4;
const DECILES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/** Where the bins of a reference end: the distinct values of its deciles. */
export function decileEdges({ sorted }: Sample): number[] {
  if (sorted.length === 0) return [];
  return [...new Set(DECILES.map((share) => sortedQuantile(sorted, share)))];
}

/** Shares of the rows by bin: (−∞, e1], (e1, e2] … (ek, ∞), and missing in front where `withMissing`. */
export function sharesBetween(sample: Sample, edges: readonly number[], withMissing: boolean): number[] {
  const { sorted, missing } = sample;
  const atMost = [...edges.map((edge) => firstAbove(sorted, edge)), sorted.length];
  const counts = atMost.map((count, k) => count - (k === 0 ? 0 : (atMost[k - 1] ?? 0)));
  const rows = withMissing ? sizeOf(sample) : sorted.length;
  return (withMissing ? [missing, ...counts] : counts).map((count) => count / rows);
}

/**
 * The population stability index: Σ (current − reference) · ln (current ÷ reference) over the reference's deciles, no share below 1e-4. By
 * custom below 0.1 is stable and above 0.25 a shift. Missing values are a bin of their own where there are any.
 */
export function populationStability(reference: Sample, current: Sample): number {
  const { before, now } = bothShares(reference, current);
  return stabilityOfShares(before, now);
}

/** The same between two lists of shares. */
export function stabilityOfShares(before: readonly number[], now: readonly number[]): number {
  return before.reduce((sum, share, k) => {
    const [r, c] = [Math.max(share, SHARE_MIN), Math.max(now[k] ?? 0, SHARE_MIN)];
    return sum + (c - r) * Math.log(c / r);
  }, 0);
}

/** The Jensen-Shannon distance over the same bins: the root of the divergence in bits, 0 (alike) to 1 (nothing in common). */
export function jensenShannon(reference: Sample, current: Sample): number {
  const { before, now } = bothShares(reference, current);
  return jensenShannonOfShares(before, now);
}

/** The same between two lists of shares, each of sum 1. */
export function jensenShannonOfShares(before: readonly number[], now: readonly number[]): number {
  const half = (share: number, middle: number) => (share > 0 ? (share / 2) * Math.log2(share / middle) : 0);
  const divergence = before.reduce((sum, share, k) => {
    const other = now[k] ?? 0;
    const middle = (share + other) / 2;
    return sum + half(share, middle) + half(other, middle);
  }, 0);
  return Math.sqrt(Math.max(0, divergence));
}

function bothShares(reference: Sample, current: Sample): { readonly before: number[]; readonly now: number[] } {
  const edges = decileEdges(reference);
  const withMissing =
    reference.missing + current.missing > 0 || reference.sorted.length === 0 || current.sorted.length === 0;
  return {
    before: sharesBetween(reference, edges, withMissing),
    now: sharesBetween(current, edges, withMissing),
  };
}
