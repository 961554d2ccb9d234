// hot loop
import { type Bounds, type Node, type Split, type Sums, UNBOUNDED } from "./growing.js";

/** Of gradients g and hessians h; where those are counted in units, so are all of these but the bounds. */
export interface Regularisation {
  readonly lambda: number;
  readonly alpha: number;
  /** Least gain of a split. */
  readonly gainMin: number;
  /** Least h of a child. */
  readonly coverMin: number;
}

/** |g| less alpha, with its sign; 0 where alpha is more. */
function thresholded(g: number, alpha: number): number {
  return g > alpha ? g - alpha : g < -alpha ? g + alpha : 0;
}

/** What a leaf of these sums says at best (Chen & Guestrin 2016, eq. 5; with an L1 penalty), kept within bounds. */
export function leafWeight(g: number, h: number, { lambda, alpha }: Regularisation, { low, high }: Bounds): number {
  if (!(h + lambda > 0)) return Math.min(Math.max(0, low), high);
  return Math.min(Math.max(-thresholded(g, alpha) / (h + lambda), low), high);
}

/** Twice what the objective falls by when a leaf says what it may. */
function scoreOf(g: number, h: number, regularisation: Regularisation, bounds: Bounds): number {
  const { lambda, alpha } = regularisation;
  if (bounds === UNBOUNDED) return thresholded(g, alpha) ** 2 / (h + lambda);
  const weight = leafWeight(g, h, regularisation, bounds);
  return -(2 * g * weight + (h + lambda) * weight * weight + 2 * alpha * Math.abs(weight));
}

/** A column of a node's histogram. */
export interface ColumnOfNode {
  readonly column: number;
  /** g and h of its bins in turn, from `at` on. */
  readonly bins: Float64Array;
  readonly at: number;
  /** How many bins of values there are. */
  readonly count: number;
  /** The bin of missing values, or −1. */
  readonly missing: number;
  /** 1 or −1 when what the model says may only rise or fall with the column; else 0. */
  readonly monotone: -1 | 0 | 1;
  /** The bins that rows are in, where they are known; else all are looked at. */
  readonly listed: { readonly present: Int32Array; readonly count: number } | null;
}

/**
 * The best split of a node by one column: the greatest fall of the second-order objective (Chen & Guestrin 2016, eq. 7, without ½),
 * missing values on the side where they gain more; the lowest cut among equals. `than` when none gains enough, or more than that does.
 */
export function betterOfColumn(
  node: Sums & Bounds,
  own: ColumnOfNode,
  regularisation: Regularisation,
  than: Split | null,
): Split | null {
  const { bins, at, count, listed } = own;
  const { gainMin, coverMin } = regularisation;
  const bounds = node.low === UNBOUNDED.low && node.high === UNBOUNDED.high ? UNBOUNDED : node;
  const plain = regularisation.alpha === 0 && own.monotone === 0 && bounds === UNBOUNDED;
  const { lambda } = regularisation;
  const parentScore = scoreOf(node.g, node.h, regularisation, bounds);
  const missingG = own.missing < 0 ? 0 : bins[at + 2 * own.missing]!;
  const missingH = own.missing < 0 ? 0 : bins[at + 2 * own.missing + 1]!;
  const sides = missingH > 0 ? 2 : 1;
  const least = Math.max(coverMin, Number.MIN_VALUE);
  let g = 0;
  let h = 0;
  let last = -1;
  let best = parentScore + gainMin;
  let cut = -1;
  let foundG = 0;
  let foundH = 0;
  let foundSide = 0;
  const present = listed === null ? null : listed.present;
  const looked = listed === null ? count : listed.count;
  for (let i = 0; i < looked; i++) {
    const bin = present === null ? i : present[i]!;
    // That of missing values is the last.
    if (bin >= count) break;
    const binG = bins[at + 2 * bin]!;
    const binH = bins[at + 2 * bin + 1]!;
    if (binH === 0 && binG === 0) continue;
    // Below bin 0 there is no cut.
    for (let side = bin === 0 ? sides : 0; side < sides; side++) {
      const leftG = side === 0 ? g : g + missingG;
      const leftH = side === 0 ? h : h + missingH;
      const rightG = node.g - leftG;
      const rightH = node.h - leftH;
      if (leftH < least || rightH < least) continue;
      const score = plain
        ? (leftG * leftG) / (leftH + lambda) + (rightG * rightG) / (rightH + lambda)
        : constrainedScore([leftG, leftH, rightG, rightH], own.monotone, regularisation, bounds);
      if (score > best) {
        best = score;
        cut = Math.max(last, 0);
        foundG = leftG;
        foundH = leftH;
        foundSide = side;
      }
    }
    g += binG;
    h += binH;
    last = bin;
  }
  const gain = best - parentScore;
  if (cut < 0 || (than !== null && !(gain > than.gain))) return than;
  const right = { g: node.g - foundG, h: node.h - foundH };
  // Where none was missing, a missing value goes with the many.
  const missingLeft = sides === 1 ? foundH >= right.h : foundSide === 1;
  return {
    column: own.column,
    cut,
    missingLeft: missingLeft ? 1 : 0,
    gain,
    left: { g: foundG, h: foundH },
    right,
  };
}

function constrainedScore(
  [leftG, leftH, rightG, rightH]: readonly [number, number, number, number],
  monotone: -1 | 0 | 1,
  regularisation: Regularisation,
  bounds: Bounds,
): number {
  if (monotone !== 0) {
    const left = leafWeight(leftG, leftH, regularisation, bounds);
    const right = leafWeight(rightG, rightH, regularisation, bounds);
    if (monotone * (right - left) < 0) return Number.NEGATIVE_INFINITY;
  }
  return scoreOf(leftG, leftH, regularisation, bounds) + scoreOf(rightG, rightH, regularisation, bounds);
}

/** Bounds of the children of a split: under a monotone column they meet in the middle of what the two would say. */
export function boundsOfChildren(
  node: Node,
  split: Split,
  monotone: -1 | 0 | 1,
  regularisation: Regularisation,
): readonly [Bounds, Bounds] {
  const own = { low: node.low, high: node.high };
  if (monotone === 0) return [own, own];
  const left = leafWeight(split.left.g, split.left.h, regularisation, own);
  const right = leafWeight(split.right.g, split.right.h, regularisation, own);
  const middle = (left + right) / 2;
  const below = { low: own.low, high: middle };
  const above = { low: middle, high: own.high };
  return monotone === 1 ? [below, above] : [above, below];
}
