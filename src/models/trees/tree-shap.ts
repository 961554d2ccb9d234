// hot loop
import { assert } from "../../base/assert.js";
import type { Tree, TreesState } from "./tree.js";

/** Steps of all paths from a root to the node that is looked at, each path behind the one that it goes on from. */
interface Paths {
  /** The column of a step; −1 for the first. */
  readonly feature: Int32Array;
  /** Share of the rows that go this way where the column is not known, and whether the row itself does. */
  readonly zero: Float64Array;
  readonly one: Float64Array;
  /** Weight of the sets of columns of each size. */
  readonly weight: Float64Array;
}

interface Walk {
  readonly tree: Tree;
  readonly row: Float32Array;
  readonly paths: Paths;
  readonly phi: Float64Array;
}

/** Where one step of a walk stands. */
interface Step {
  readonly node: number;
  readonly depth: number;
  /** Where the path of the parent begins. */
  readonly from: number;
  readonly zero: number;
  readonly one: number;
  readonly feature: number;
}

/**
 * What each column adds to the sum of the trees' leaves for a row, against their mean over the training rows: exact Shapley values
 * where an unknown column is averaged over by the cover of both ways (path-dependent TreeSHAP; Lundberg, Erion & Lee 2018,
 * Algorithm 2). With `expectedSum` they add up to the sum.
 *
 * @param row of `inputs` values, NaN for missing
 */
export function treeShap({ inputs, trees }: TreesState, row: ArrayLike<number>): Float64Array {
  assert(row.length === inputs, `fitted on ${inputs} columns, given ${row.length}`);
  const phi = new Float64Array(inputs);
  const values = Float32Array.from(row);
  const paths = pathsFor(trees);
  for (const tree of trees) {
    descend({ tree, row: values, paths, phi }, { node: 0, depth: 0, from: 0, zero: 1, one: 1, feature: -1 });
  }
  return phi;
}

const expected = new WeakMap<readonly Tree[], number>();

/** The sum of the trees' leaves, each averaged over the training rows by their cover. */
export function expectedSum({ trees }: TreesState): number {
  const known = expected.get(trees);
  if (known !== undefined) return known;
  const sum = trees.reduce((total, tree) => total + meanFrom(tree, 0), 0);
  expected.set(trees, sum);
  return sum;
}

function meanFrom(tree: Tree, node: number): number {
  if (tree.feature[node]! < 0) return tree.value[node]!;
  const [left, right] = [tree.left[node]!, tree.right[node]!];
  return shareOf(tree, node, left) * meanFrom(tree, left) + shareOf(tree, node, right) * meanFrom(tree, right);
}

/** Of the rows of a node, those that go to a child; half each where no row came. */
function shareOf({ cover }: Tree, node: number, child: number): number {
  return cover[node]! > 0 ? cover[child]! / cover[node]! : 0.5;
}

const buffers = new WeakMap<readonly Tree[], Paths>();

function pathsFor(trees: readonly Tree[]): Paths {
  const known = buffers.get(trees);
  if (known !== undefined) return known;
  const depth = trees.reduce((most, tree) => Math.max(most, depthFrom(tree, 0)), 0) + 2;
  const steps = (depth * (depth + 1)) / 2 + 1;
  const paths = {
    feature: new Int32Array(steps),
    zero: new Float64Array(steps),
    one: new Float64Array(steps),
    weight: new Float64Array(steps),
  };
  buffers.set(trees, paths);
  return paths;
}

function depthFrom(tree: Tree, node: number): number {
  if (tree.feature[node]! < 0) return 0;
  return 1 + Math.max(depthFrom(tree, tree.left[node]!), depthFrom(tree, tree.right[node]!));
}

function descend(walk: Walk, { node, depth: before, from, zero, one, feature }: Step): void {
  // Where neither the row goes nor any row of training did, nothing is added.
  if (zero === 0 && one === 0) return;
  const { tree, row, paths, phi } = walk;
  const at = from + before;
  copySteps(paths, from, at, before);
  extend(paths, at, before, zero, one, feature);
  const asked = tree.feature[node]!;
  if (asked < 0) {
    const leaf = tree.value[node]!;
    for (let i = 1; i <= before; i++) {
      const weight = unwoundSum(paths, at, before, i);
      phi[paths.feature[at + i]!]! += weight * (paths.one[at + i]! - paths.zero[at + i]!) * leaf;
    }
    return;
  }
  const value = row[asked]!;
  const goesLeft = value < tree.threshold[node]! || (Number.isNaN(value) && tree.missingLeft[node] === 1);
  const [left, right] = [tree.left[node]!, tree.right[node]!];
  const [hot, cold] = goesLeft ? [left, right] : [right, left];
  let [knownZero, knownOne, depth] = [1, 1, before];
  for (let i = 1; i <= before; i++) {
    if (paths.feature[at + i] !== asked) continue;
    knownZero = paths.zero[at + i]!;
    knownOne = paths.one[at + i]!;
    unwind(paths, at, depth--, i);
    break;
  }
  const next = { depth: depth + 1, from: at, feature: asked };
  descend(walk, { ...next, node: hot, zero: knownZero * shareOf(tree, node, hot), one: knownOne });
  descend(walk, { ...next, node: cold, zero: knownZero * shareOf(tree, node, cold), one: 0 });
}

function copySteps({ feature, zero, one, weight }: Paths, from: number, to: number, count: number): void {
  for (let i = 0; i < count; i++) {
    feature[to + i] = feature[from + i]!;
    zero[to + i] = zero[from + i]!;
    one[to + i] = one[from + i]!;
    weight[to + i] = weight[from + i]!;
  }
}

/** EXTEND: one more column, known or not. */
function extend(paths: Paths, at: number, depth: number, zero: number, one: number, feature: number): void {
  const { weight } = paths;
  paths.feature[at + depth] = feature;
  paths.zero[at + depth] = zero;
  paths.one[at + depth] = one;
  weight[at + depth] = depth === 0 ? 1 : 0;
  for (let i = depth - 1; i >= 0; i--) {
    weight[at + i + 1]! += (one * weight[at + i]! * (i + 1)) / (depth + 1);
    weight[at + i] = (zero * weight[at + i]! * (depth - i)) / (depth + 1);
  }
}

/** UNWIND: takes step `index` back out of a path that ends at `depth`. */
function unwind({ feature, zero, one, weight }: Paths, at: number, depth: number, index: number): void {
  const [z, o] = [zero[at + index]!, one[at + index]!];
  let next = weight[at + depth]!;
  for (let i = depth - 1; i >= 0; i--) {
    const here = weight[at + i]!;
    if (o !== 0) {
      weight[at + i] = (next * (depth + 1)) / ((i + 1) * o);
      next = here - (weight[at + i]! * z * (depth - i)) / (depth + 1);
    } else {
      weight[at + i] = (here * (depth + 1)) / (z * (depth - i));
    }
  }
  for (let i = index; i < depth; i++) {
    feature[at + i] = feature[at + i + 1]!;
    zero[at + i] = zero[at + i + 1]!;
    one[at + i] = one[at + i + 1]!;
  }
}

/** The weights that a path would have without step `index`, summed. */
function unwoundSum({ zero, one, weight }: Paths, at: number, depth: number, index: number): number {
  const [z, o] = [zero[at + index]!, one[at + index]!];
  let next = weight[at + depth]!;
  let total = 0;
  for (let i = depth - 1; i >= 0; i--) {
    if (o !== 0) {
      const share = (next * (depth + 1)) / ((i + 1) * o);
      total += share;
      next = weight[at + i]! - (share * z * (depth - i)) / (depth + 1);
    } else {
      total += (weight[at + i]! * (depth + 1)) / (z * (depth - i));
    }
  }
  return total;
}
