import type { BinnedTable } from "./bins.js";
import type { Node, Split } from "./growing.js";
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
  const entries = <T>(of: (node: Node, split: Split | null) => T): T[] =>
    nodes.map((node) => of(node, node.children === null ? null : node.best));
  // Children follow in the order of their parents.
  let next = 1;
  const left = entries((_, split) => {
    if (split === null) return -1;
    const child = next;
    next += 2;
    return child;
  });
  return {
    feature: entries((_, split) => (split === null ? -1 : (table.columns[split.column] ?? -1))),
    threshold: entries((_, split) => (split === null ? 0 : (table.cuts[split.column]?.[split.cut] ?? 0))),
    left,
    right: left.map((child) => (child < 0 ? -1 : child + 1)),
    missingLeft: entries((_, split) => split?.missingLeft ?? 0),
    value: entries((node, split) => (split === null ? Math.fround(value(node)) + 0 : 0)),
    cover: nodes.map((node) => Math.fround(cover(node))),
    gain: entries((_, split) => Math.fround(gain(split?.gain ?? 0))),
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
