// hot loop
import { assert } from "../../base/assert.js";
import { gaussLegendre } from "../../base/math/gauss-legendre.js";
import type { Tree, TreesState } from "./tree.js";

/** What is the same for all rows: the points of the quadrature, and room for a value a point at each depth. */
interface Room {
  readonly points: Float64Array;
  readonly weights: Float64Array;
  /** By depth × points: the product of the factors of the way down, and 1 ÷ the factor of the step there. */
  readonly product: Float64Array;
  readonly inverse: Float64Array;
  /** By depth × points: the leaves below, each times the product of the factors on its way. */
  readonly sum: Float64Array;
  /** By column: the depth of the latest step that asked about it, 0 for none. */
  readonly askedAt: Int32Array;
  /** By depth: of the training rows that share, by all steps of its column; and 1 where the row goes that way too, else 0. */
  readonly zero: Float64Array;
  readonly one: Float64Array;
}

interface Walk extends Room {
  readonly tree: Tree;
  readonly row: Float32Array;
  readonly phi: Float64Array;
}

/**
 * What each column adds to the sum of the trees' leaves for a row, against their mean over the training rows: exact Shapley values
 * where an unknown column is averaged over by the cover of both ways (path-dependent TreeSHAP; Lundberg, Erion & Lee 2018). With
 * `expectedSum` they add up to the sum.
 *
 * Where each column is known with chance t, a leaf is reached with chance Π (t o + (1 − t) z) over the columns of its path: o is whether
 * the row goes that way, z the share of the training rows that do. A column's Shapley value is the integral over t of what it then
 * adds (Owen 1972), and the integral of a polynomial is exact by Gauss and Legendre. So a row takes time in nodes × depth, where
 * Algorithm 2 takes leaves × depth², as in linear TreeSHAP (Yu et al. 2022), and every term is positive: nothing cancels.
 *
 * @param row of `inputs` values, NaN for missing
 */
export function treeShap({ inputs, trees }: TreesState, row: ArrayLike<number>): Float64Array {
  assert(row.length === inputs, `fitted on ${inputs} columns, given ${row.length}`);
  const phi = new Float64Array(inputs);
  const values = Float32Array.from(row);
  const room = roomFor(trees, inputs);
  for (const tree of trees) {
    room.product.fill(1, 0, room.points.length);
    descend({ ...room, tree, row: values, phi }, 0, 0);
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

const rooms = new WeakMap<readonly Tree[], Room>();

function roomFor(trees: readonly Tree[], inputs: number): Room {
  const known = rooms.get(trees);
  if (known !== undefined) return known;
  const depth = trees.reduce((most, tree) => Math.max(most, depthFrom(tree, 0)), 0);
  // Exact to degree 2n − 1; a path asks about at most so many different columns, and one of them is taken out.
  const { points, weights } = gaussLegendre(Math.max(1, Math.ceil(Math.min(depth, inputs) / 2)));
  const size = (depth + 1) * points.length;
  const room = {
    points,
    weights,
    product: new Float64Array(size),
    inverse: new Float64Array(size),
    sum: new Float64Array(size),
    askedAt: new Int32Array(inputs),
    zero: new Float64Array(depth + 1),
    one: new Float64Array(depth + 1),
  };
  rooms.set(trees, room);
  return room;
}

function depthFrom(tree: Tree, node: number): number {
  if (tree.feature[node]! < 0) return 0;
  return 1 + Math.max(depthFrom(tree, tree.left[node]!), depthFrom(tree, tree.right[node]!));
}

/** Leaves `sum` of this depth as it is below the node. */
function descend(walk: Walk, node: number, depth: number): void {
  const { tree, row, product, sum, points } = walk;
  const size = points.length;
  const here = depth * size;
  const asked = tree.feature[node]!;
  if (asked < 0) {
    const leaf = tree.value[node]!;
    for (let q = 0; q < size; q++) sum[here + q] = leaf * product[here + q]!;
    return;
  }
  const value = row[asked]!;
  const goesLeft = value < tree.threshold[node]! || (Number.isNaN(value) && tree.missingLeft[node] === 1);
  const [left, right] = [tree.left[node]!, tree.right[node]!];
  sum.fill(0, here, here + size);
  step(walk, node, { child: left, depth: depth + 1, goes: goesLeft });
  step(walk, node, { child: right, depth: depth + 1, goes: !goesLeft });
}

/** Goes down to a child and back, and says what the column asked about adds to the leaves below. */
function step(walk: Walk, node: number, to: { child: number; depth: number; goes: boolean }): void {
  const { tree, points, weights, product, inverse, sum, askedAt, zero, one, phi } = walk;
  const { child, depth, goes } = to;
  const size = points.length;
  const asked = tree.feature[node]!;
  // Where the column was asked about before, this step stands for both, and takes back what the other says of the leaves below.
  const before = askedAt[asked]!;
  const z = shareOf(tree, node, child) * (before === 0 ? 1 : zero[before]!);
  const o = goes && (before === 0 || one[before]! === 1) ? 1 : 0;
  // Where neither the row goes nor any row of training did, nothing is added.
  if (z === 0 && o === 0) return;
  const [from, at, last] = [(depth - 1) * size, depth * size, before * size];
  for (let q = 0; q < size; q++) {
    const t = points[q]!;
    const factor = o * t + z * (1 - t);
    const others = before === 0 ? product[from + q]! : product[from + q]! * inverse[last + q]!;
    inverse[at + q] = 1 / factor;
    product[at + q] = others * factor;
  }
  zero[depth] = z;
  one[depth] = o;
  askedAt[asked] = depth;
  descend(walk, child, depth);
  askedAt[asked] = before;
  const instead = before === 0 ? 0 : one[before]! - zero[before]!;
  let added = 0;
  for (let q = 0; q < size; q++) {
    const below = sum[at + q]!;
    sum[from + q]! += below;
    added += weights[q]! * below * ((o - z) * inverse[at + q]! - instead * inverse[last + q]!);
  }
  phi[asked]! += added;
}
