import type { Tree, TreesState } from "../trees/tree.js";
import { ELEMENT, type OnnxGraph, type Tensor } from "./graph.js";

/**
 * P(churn) of trees. Each tree is a target of its own, for runtimes add up floats in any order: so every leaf comes out as it is, and
 * the sum is ours: float32 in the order of the trees for log-odds, float64 for the mean of a forest.
 */
export function onnxOfTrees(graph: OnnxGraph, input: Tensor, state: TreesState): Tensor {
  const values = graph.add("Cast", [input], { to: { int: ELEMENT.float } });
  const trees = state.trees.length === 0 ? [SAYS_NOTHING] : state.trees;
  const leaves = graph.addMl("TreeEnsembleRegressor", [values], ensembleOf(trees));
  if (state.kind === "forest") {
    const exact = graph.add("Cast", [leaves], { to: { int: ELEMENT.double } });
    const count = state.trees.length;
    const sum = graph.add("ReduceSum", [exact, graph.integers([1])], { keepdims: { int: 1 } });
    return graph.add("Div", [sum, graph.double(count)]);
  }
  // One sum after the other, so that a runtime has no order to choose.
  const first = graph.add("Slice", [leaves, graph.integers([0]), graph.integers([1]), graph.integers([1])]);
  const base = graph.add("Add", [graph.add("Sub", [first, first]), graph.floats([state.base], [1, 1])]);
  const sums = graph.add("CumSum", [graph.add("Concat", [base, leaves], { axis: { int: 1 } }), graph.integers([1])]);
  const margin = graph.add("Gather", [sums, graph.integers([trees.length])], { axis: { int: 1 } });
  return graph.add("Sigmoid", [graph.add("Cast", [margin], { to: { int: ELEMENT.double } })]);
}

const SAYS_NOTHING: Tree = {
  feature: [-1],
  threshold: [0],
  left: [-1],
  right: [-1],
  missingLeft: [0],
  value: [0],
  cover: [0],
  gain: [0],
};

/** Attributes of a TreeEnsembleRegressor with a target a tree. */
function ensembleOf(trees: readonly Tree[]) {
  const nodes = trees.flatMap((tree, t) => reachable(tree).map((node) => ({ ...node, tree: t })));
  const leaves = nodes.filter(({ mode }) => mode === "LEAF");
  return {
    n_targets: { int: trees.length },
    aggregate_function: { text: "SUM" },
    post_transform: { text: "NONE" },
    nodes_treeids: { ints: nodes.map(({ tree }) => tree) },
    nodes_nodeids: { ints: nodes.map(({ id }) => id) },
    nodes_featureids: { ints: nodes.map(({ feature }) => feature) },
    nodes_modes: { texts: nodes.map(({ mode }) => mode) },
    nodes_values: { floats: nodes.map(({ threshold }) => threshold) },
    nodes_truenodeids: { ints: nodes.map(({ left }) => left) },
    nodes_falsenodeids: { ints: nodes.map(({ right }) => right) },
    nodes_missing_value_tracks_true: { ints: nodes.map(({ missingLeft }) => missingLeft) },
    nodes_hitrates: { floats: nodes.map(() => 1) },
    target_treeids: { ints: leaves.map(({ tree }) => tree) },
    target_nodeids: { ints: leaves.map(({ id }) => id) },
    target_ids: { ints: leaves.map(({ tree }) => tree) },
    target_weights: { floats: leaves.map(({ value }) => value) },
  };
}

interface Node {
  readonly id: number;
  readonly feature: number;
  readonly mode: "BRANCH_LT" | "LEAF";
  readonly threshold: number;
  readonly left: number;
  readonly right: number;
  readonly missingLeft: number;
  readonly value: number;
}

/** The nodes that the root leads to, numbered from 0 (the root) without a gap. A tree of one leaf asks a question that changes nothing: not every runtime takes it otherwise. */
function reachable(tree: Tree): Node[] {
  if ((tree.feature[0] ?? -1) < 0) {
    const leaf = {
      feature: 0,
      mode: "LEAF",
      threshold: 0,
      left: 0,
      right: 0,
      missingLeft: 0,
      value: tree.value[0] ?? 0,
    } as const;
    return [
      { ...leaf, id: 0, mode: "BRANCH_LT", left: 1, right: 2, value: 0 },
      { ...leaf, id: 1 },
      { ...leaf, id: 2 },
    ];
  }
  const found = [0];
  for (const node of found) {
    if ((tree.feature[node] ?? -1) >= 0) found.push(tree.left[node] ?? 0, tree.right[node] ?? 0);
  }
  const number = new Map(found.map((node, id) => [node, id]));
  return found.map((node, id) => {
    const isLeaf = (tree.feature[node] ?? -1) < 0;
    return {
      id,
      feature: Math.max(tree.feature[node] ?? 0, 0),
      mode: isLeaf ? "LEAF" : "BRANCH_LT",
      threshold: tree.threshold[node] ?? 0,
      left: isLeaf ? 0 : (number.get(tree.left[node] ?? -1) ?? 0),
      right: isLeaf ? 0 : (number.get(tree.right[node] ?? -1) ?? 0),
      missingLeft: tree.missingLeft[node] ?? 0,
      value: tree.value[node] ?? 0,
    };
  });
}
