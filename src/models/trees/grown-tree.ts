import type { BinnedTable } from "./bins.js";
import type { Node } from "./growing.js";
import type { Tree } from "./tree.js";

/** What a grown node is written down with. */
export interface Written {
  /** What a leaf says. */
  readonly value: (leaf: Node) => number;
  readonly cover: (node: Node) => number;
  readonly gain: (gain: number) => number;
}

/** A grown tree as plain data, its nodes level by level; columns by their numbers in the matrix. */
export function treeOf(root: Node, table: BinnedTable, { value, cover, gain }: Written): Tree {
  const nodes = inLevels(root);
  const numbers = new Map(nodes.map((node, i) => [node, i]));
  const childOf = (node: Node, side: 0 | 1) => (node.children === null ? -1 : (numbers.get(node.children[side]) ?? -1));
  const split = (node: Node) => (node.children === null ? null : node.best);
  return {
    feature: nodes.map((node) => table.columns[split(node)?.column ?? -1] ?? -1),
    threshold: nodes.map((node) => {
      const best = split(node);
      return best === null ? 0 : (table.cuts[best.column]?.[best.cut] ?? 0);
    }),
    left: nodes.map((node) => childOf(node, 0)),
    right: nodes.map((node) => childOf(node, 1)),
    missingLeft: nodes.map((node) => split(node)?.missingLeft ?? 0),
    value: nodes.map((node) => (node.children === null ? Math.fround(value(node)) + 0 : 0)),
    cover: nodes.map((node) => Math.fround(cover(node))),
    gain: nodes.map((node) => Math.fround(gain(split(node)?.gain ?? 0))),
  };
}

function inLevels(root: Node): Node[] {
  const nodes = [root];
  // The list grows while it is read.
  for (const node of nodes) if (node.children !== null) nodes.push(...node.children);
  return nodes;
}

export function leavesOfNode(root: Node): Node[] {
  return inLevels(root).filter((node) => node.children === null);
}
