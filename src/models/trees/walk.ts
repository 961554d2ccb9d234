// hot loop
import { assert } from "../../base/assert.js";
import { sigmoid } from "../../base/math/sigmoid.js";
import type { Matrix } from "../../base/matrix.js";
import type { BoostedTrees, Tree, TreesState } from "./tree.js";

/**
 * All nodes of all trees, one after another, such that a step needs no branch to be guessed: from a node a row goes to `next` where its
 * value is below the threshold, else to `next + 1`; a leaf leads to itself. Rows are followed by what they are with the other sign. So
 * "not below, or missing" can be asked as well as "below": of the negated value, with the children the other way round.
 */
interface Walked {
  readonly column: Int32Array;
  readonly threshold: Float32Array;
  readonly next: Int32Array;
  readonly value: Float32Array;
  /** What the node is numbered in its tree. */
  readonly number: Int32Array;
  /** By tree. */
  readonly roots: Int32Array;
  readonly depths: Int32Array;
}

const walked = new WeakMap<readonly Tree[], Walked>();

function walkedOf({ inputs, trees }: TreesState): Walked {
  const found = walked.get(trees) ?? packed(inputs, trees);
  walked.set(trees, found);
  return found;
}

function packed(inputs: number, trees: readonly Tree[]): Walked {
  const nodes = trees.reduce((sum, tree) => sum + tree.feature.length, 0);
  const out: Walked = {
    column: new Int32Array(nodes),
    threshold: new Float32Array(nodes).fill(Number.NEGATIVE_INFINITY),
    next: new Int32Array(nodes),
    value: new Float32Array(nodes),
    number: new Int32Array(nodes),
    roots: new Int32Array(trees.length),
    depths: new Int32Array(trees.length),
  };
  let root = 0;
  trees.forEach((tree, t) => {
    out.roots[t] = root;
    out.depths[t] = packTree(tree, root, inputs, out);
    root += tree.feature.length;
  });
  return out;
}

/** Writes a tree from its root's place on, children side by side; answers its depth. */
function packTree(tree: Tree, root: number, inputs: number, out: Walked): number {
  let free = root + 1;
  let deepest = 0;
  const depth = [0];
  out.number[root] = 0;
  for (let at = root; at < free; at++) {
    const node = out.number[at]!;
    const own = depth[at - root]!;
    const column = tree.feature[node]!;
    out.value[at] = tree.value[node]!;
    if (column < 0) {
      // No value is below −∞, nor is a missing one.
      out.next[at] = at - 1;
      continue;
    }
    const missingLeft = tree.missingLeft[node] === 1;
    const threshold = tree.threshold[node]!;
    out.column[at] = missingLeft ? inputs + column : column;
    out.threshold[at] = missingLeft ? justAbove(-threshold) : threshold;
    out.next[at] = free;
    out.number[free] = missingLeft ? tree.right[node]! : tree.left[node]!;
    out.number[free + 1] = missingLeft ? tree.left[node]! : tree.right[node]!;
    depth.push(own + 1, own + 1);
    deepest = Math.max(deepest, own + 1);
    free += 2;
  }
  return deepest;
}

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** The next float32 above a finite one. */
function justAbove(value: number): number {
  float[0] = value === 0 ? 0 : value;
  bits[0] = bits[0]! + (value < 0 ? -1 : 1);
  return float[0]!;
}

/** Sets the leaf that a row comes to in each tree: four trees at a time, so that none waits for another's memory. */
function findLeaves({ column, threshold, next, roots, depths }: Walked, row: Float32Array, leaves: Int32Array): void {
  const step = (node: number): number => next[node]! + (row[column[node]!]! < threshold[node]! ? 0 : 1);
  const trees = roots.length;
  let t = 0;
  for (; t + 3 < trees; t += 4) {
    let a = roots[t]!;
    let b = roots[t + 1]!;
    let c = roots[t + 2]!;
    let d = roots[t + 3]!;
    const depth = Math.max(depths[t]!, depths[t + 1]!, depths[t + 2]!, depths[t + 3]!);
    for (let level = 0; level < depth; level++) {
      a = step(a);
      b = step(b);
      c = step(c);
      d = step(d);
    }
    leaves[t] = a;
    leaves[t + 1] = b;
    leaves[t + 2] = c;
    leaves[t + 3] = d;
  }
  for (; t < trees; t++) {
    let node = roots[t]!;
    for (let level = depths[t]!; level > 0; level--) node = step(node);
    leaves[t] = node;
  }
}

/** Numbers of the leaves that each row comes to, rows × trees, as they are numbered in each tree. */
export function leavesOf(state: TreesState, x: Matrix): Int32Array {
  const { number } = walkedOf(state);
  const count = state.trees.length;
  const out = new Int32Array(x.rows * count);
  eachRow(state, x, (leaves, i) => {
    for (let t = 0; t < count; t++) out[i * count + t] = number[leaves[t]!]!;
  });
  return out;
}

/** Log-odds of each row: float32 sums in the order of the trees, bit for bit those of XGBoost. */
export function boostedMargin(state: BoostedTrees, x: Matrix): Float64Array {
  const { value } = walkedOf(state);
  const out = new Float64Array(x.rows);
  eachRow(state, x, (leaves, i) => {
    let sum = Math.fround(state.base);
    for (let t = 0; t < leaves.length; t++) sum = Math.fround(sum + value[leaves[t]!]!);
    out[i] = sum;
  });
  return out;
}

/** P(churn) of each row. */
export function treesProbability(state: TreesState, x: Matrix): Float64Array {
  if (state.kind !== "forest") return boostedMargin(state, x).map(sigmoid);
  const { value } = walkedOf(state);
  const out = new Float64Array(x.rows);
  eachRow(state, x, (leaves, i) => {
    let sum = 0;
    for (let t = 0; t < leaves.length; t++) sum += value[leaves[t]!]!;
    out[i] = sum / leaves.length;
  });
  return out;
}

function eachRow(state: TreesState, { rows, cols, data }: Matrix, take: (leaves: Int32Array, i: number) => void): void {
  const { inputs, trees } = state;
  assert(cols === inputs, `fitted on ${inputs} columns, given ${cols}`);
  const all = walkedOf(state);
  const row = new Float32Array(2 * cols);
  const leaves = new Int32Array(trees.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      const value = data[i * cols + j]!;
      row[j] = value;
      row[cols + j] = -value;
    }
    findLeaves(all, row, leaves);
    take(leaves, i);
  }
}
