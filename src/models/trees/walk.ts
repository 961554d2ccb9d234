// hot loop
import { assert } from "../../base/assert.js";
import { sigmoid } from "../../base/math/sigmoid.js";
import type { Matrix } from "../../base/matrix.js";
import type { BoostedTrees, Tree, TreesState } from "./tree.js";

/** All nodes of all trees, one after another, as numbers that a walk needs no look-up for. */
interface Walked {
  readonly feature: Int32Array;
  readonly threshold: Float32Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly missing: Int32Array;
  readonly value: Float32Array;
  readonly roots: Int32Array;
}

const walked = new WeakMap<readonly Tree[], Walked>();

function walkedOf(trees: readonly Tree[]): Walked {
  const found = walked.get(trees) ?? packed(trees);
  walked.set(trees, found);
  return found;
}

function packed(trees: readonly Tree[]): Walked {
  const nodes = trees.reduce((sum, tree) => sum + tree.feature.length, 0);
  const packed: Walked = {
    feature: new Int32Array(nodes),
    threshold: new Float32Array(nodes),
    left: new Int32Array(nodes),
    right: new Int32Array(nodes),
    missing: new Int32Array(nodes),
    value: new Float32Array(nodes),
    roots: new Int32Array(trees.length),
  };
  let root = 0;
  trees.forEach((tree, t) => {
    packed.roots[t] = root;
    for (let i = 0; i < tree.feature.length; i++) {
      const at = root + i;
      packed.feature[at] = tree.feature[i]!;
      packed.threshold[at] = tree.threshold[i]!;
      packed.left[at] = root + tree.left[i]!;
      packed.right[at] = root + tree.right[i]!;
      packed.missing[at] = root + (tree.missingLeft[i] === 1 ? tree.left[i]! : tree.right[i]!);
      packed.value[at] = tree.value[i]!;
    }
    root += tree.feature.length;
  });
  return packed;
}

/** @param row float32 values of one row */
function leafOf({ feature, threshold, left, right, missing }: Walked, root: number, row: Float32Array): number {
  let node = root;
  for (let column = feature[node]!; column >= 0; column = feature[node]!) {
    const value = row[column]!;
    node = value < threshold[node]! ? left[node]! : value >= threshold[node]! ? right[node]! : missing[node]!;
  }
  return node;
}

/** Numbers of the leaves that each row comes to, rows × trees, as they are numbered in each tree. */
export function leavesOf({ inputs, trees }: TreesState, x: Matrix): Int32Array {
  const all = walkedOf(trees);
  const out = new Int32Array(x.rows * trees.length);
  eachRow(inputs, x, (row, i) => {
    for (let t = 0; t < trees.length; t++) {
      const root = all.roots[t]!;
      out[i * trees.length + t] = leafOf(all, root, row) - root;
    }
  });
  return out;
}

/** Log-odds of each row: float32 sums in the order of the trees, bit for bit those of XGBoost. */
export function boostedMargin({ inputs, base, trees }: BoostedTrees, x: Matrix): Float64Array {
  const all = walkedOf(trees);
  const out = new Float64Array(x.rows);
  eachRow(inputs, x, (row, i) => {
    let sum = Math.fround(base);
    for (let t = 0; t < trees.length; t++) sum = Math.fround(sum + all.value[leafOf(all, all.roots[t]!, row)]!);
    out[i] = sum;
  });
  return out;
}

/** P(churn) of each row. */
export function treesProbability(state: TreesState, x: Matrix): Float64Array {
  if (state.kind !== "forest") return boostedMargin(state, x).map(sigmoid);
  const { inputs, trees } = state;
  const all = walkedOf(trees);
  const out = new Float64Array(x.rows);
  eachRow(inputs, x, (row, i) => {
    let sum = 0;
    for (let t = 0; t < trees.length; t++) sum += all.value[leafOf(all, all.roots[t]!, row)]!;
    out[i] = sum / trees.length;
  });
  return out;
}

function eachRow(inputs: number, x: Matrix, take: (row: Float32Array, i: number) => void): void {
  assert(x.cols === inputs, `fitted on ${inputs} columns, given ${x.cols}`);
  const row = new Float32Array(x.cols);
  for (let i = 0; i < x.rows; i++) {
    for (let j = 0; j < x.cols; j++) row[j] = x.data[i * x.cols + j]!;
    take(row, i);
  }
}
