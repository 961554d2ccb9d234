import { binsAt, GROUP } from "./bin-layout.js";
import type { BinnedTable } from "./bins.js";
import type { Node, Split } from "./growing.js";

/** The leaf that a row of the table comes to. */
export function binLeaf(root: Node, table: BinnedTable, row: number): Node {
  let node = root;
  while (node.children !== null) {
    const { column, cut, missingLeft } = node.best as Split;
    const bin = table.bins[binsAt(table.rows, column) + row * GROUP] ?? 0;
    const left = bin === table.missing[column] ? missingLeft === 1 : bin <= cut;
    node = node.children[left ? 0 : 1];
  }
  return node;
}
