import type { Tree, TreesState } from "./tree.js";

/** Deeper trees are no models: nobody grew them from data. */
const DEPTH_MAX = 512;

const FLOAT32_MAX = 3.4028234663852886e38;

/**
 * Says what is wrong with trees that somebody else made, null where nothing is: every list as long as the others, columns there
 * are, and from node 0 a tree (so that walking ends). Nodes that the root does not lead to may exist, as leaves (XGBoost leaves
 * those that it pruned in their place).
 */
export function complaintOfTrees(state: TreesState): string | null {
  let largest = state.kind === "forest" ? 0 : Math.abs(state.base);
  for (const [t, tree] of state.trees.entries()) {
    const complaint = complaintOf(tree, state.inputs);
    if (complaint !== null) return `tree ${t} ${complaint}`;
    largest += tree.value.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  }
  return largest <= FLOAT32_MAX ? null : "its leaves add up to more than a float32 holds";
}

function complaintOf(tree: Tree, inputs: number): string | null {
  const { feature, threshold, left, right, missingLeft, value, cover, gain } = tree;
  const nodes = feature.length;
  if (nodes === 0) return "has no node";
  const lists = { threshold, left, right, missingLeft, value, cover, gain };
  for (const [name, list] of Object.entries(lists)) {
    if (list.length !== nodes) return `has ${nodes} nodes and ${list.length} entries of ${name}`;
  }
  for (const [name, list] of Object.entries({ threshold, value })) {
    const bad = list.findIndex((number) => !(Math.abs(number) <= FLOAT32_MAX) || Math.fround(number) !== number);
    if (bad >= 0) return `has a ${name} in node ${bad} that is no float32`;
  }
  if (cover.some((weight) => !(weight >= 0 && weight <= Number.MAX_VALUE))) return "has a cover below 0 or without end";
  const bad = feature.findIndex((column) => !Number.isInteger(column) || column < -1 || column >= inputs);
  if (bad >= 0) return `asks in node ${bad} about column ${feature[bad]} of ${inputs}`;
  return complaintOfShape(tree);
}

/** Whether node 0 leads to a tree: children there are, each the child of one node only, none of them the root. */
function complaintOfShape({ feature, left, right }: Tree): string | null {
  const depth = new Int32Array(feature.length).fill(-1);
  const open = [0];
  depth[0] = 0;
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const [column = -1, level = 0] = [feature[node], depth[node]];
    if (column < 0) continue;
    if (level === DEPTH_MAX) return `is deeper than ${DEPTH_MAX} questions`;
    for (const child of [left[node] ?? -1, right[node] ?? -1]) {
      if (!Number.isInteger(child) || child < 0 || child >= feature.length) return `leads from node ${node} to no node`;
      if (depth[child] !== -1) return `leads to node ${child} twice`;
      depth[child] = level + 1;
      open.push(child);
    }
  }
  const odd = feature.findIndex((column, node) => (column < 0 || depth[node] === -1) && !isLeaf(node));
  return odd < 0 ? null : `has a node ${odd} that is neither a leaf nor asks anything`;

  function isLeaf(node: number): boolean {
    return feature[node] === -1 && left[node] === -1 && right[node] === -1;
  }
}
