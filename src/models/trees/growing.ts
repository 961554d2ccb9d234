/** Sums over the rows of a node, as whole numbers of the units that the finder counts in. */
export interface Sums {
  readonly g: number;
  readonly h: number;
}

/** Rows of a bin up to `cut` go left, missing ones as said. */
export interface Split {
  /** Its place among the columns of the table. */
  readonly column: number;
  readonly cut: number;
  readonly missingLeft: 0 | 1;
  readonly gain: number;
  readonly left: Sums;
  readonly right: Sums;
}

/** A node of a tree that grows; its rows are `rows.order[begin … end)`. */
export interface Node extends Sums {
  readonly depth: number;
  readonly begin: number;
  readonly end: number;
  /** Where monotone constraints keep what its leaves say. */
  readonly low: number;
  readonly high: number;
  /** The best split known, and once split its children. */
  best: Split | null;
  children: readonly [Node, Node] | null;
}

/** Looks for the best splits of nodes. */
export interface SplitFinder {
  /** Sets `best` of a root. */
  begin(root: Node): void;
  /** Sets `best` of the children of nodes just split; called in a fixed order, and never for children at the greatest depth. */
  descend(parents: readonly Node[]): void;
  /** Bounds of the children under the finder's constraints. */
  boundsOf(parent: Node, split: Split): readonly [Bounds, Bounds];
}

export interface Bounds {
  readonly low: number;
  readonly high: number;
}

export const UNBOUNDED: Bounds = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

export interface GrowthLimits {
  /** 0 for none. */
  readonly maxDepth: number;
  /** 0 for none; else the most gaining leaf is split first. */
  readonly maxLeaves: number;
}

/** Brings the rows of nodes that go left before those that go right; answers where the right ones begin, by node. */
export type Divide = (nodes: readonly Node[]) => readonly number[];

interface Growth {
  readonly root: Sums;
  /** Of the root. */
  readonly rows: number;
  readonly finder: SplitFinder;
  readonly divide: Divide;
  readonly limits: GrowthLimits;
}

/** Grows a tree level by level, or best leaf first. */
export function growTree({ root: sums, rows, finder, divide, limits }: Growth): Node {
  const depthMax = limits.maxDepth === 0 ? Number.POSITIVE_INFINITY : limits.maxDepth;
  const root = nodeOf(sums, UNBOUNDED, { depth: 0, begin: 0, end: rows });
  finder.begin(root);
  let open = root.best === null ? [] : [root];
  let leaves = 1;
  while (open.length > 0) {
    const chosen = limits.maxLeaves === 0 ? open : [mostGaining(open)];
    const middles = divide(chosen);
    chosen.forEach((node, i) => {
      node.children = childrenOf(node, middles[i] ?? node.end, finder);
    });
    leaves += chosen.length;
    const rest = limits.maxLeaves === 0 ? [] : open.filter((node) => node.children === null);
    if (limits.maxLeaves > 0 && leaves >= limits.maxLeaves) break;
    const parents = chosen.filter((node) => node.depth + 1 < depthMax);
    finder.descend(parents);
    const children = parents.flatMap((node) => node.children ?? []);
    open = [...rest, ...children.filter((node) => node.best !== null)];
  }
  return root;
}

/** The first of those that gain most. */
function mostGaining(open: readonly Node[]): Node {
  return open.reduce((most, node) => ((node.best?.gain ?? 0) > (most.best?.gain ?? 0) ? node : most));
}

function childrenOf(node: Node, middle: number, finder: SplitFinder): readonly [Node, Node] {
  const best = node.best as Split;
  const [left, right] = finder.boundsOf(node, best);
  const depth = node.depth + 1;
  return [
    nodeOf(best.left, left, { depth, begin: node.begin, end: middle }),
    nodeOf(best.right, right, { depth, begin: middle, end: node.end }),
  ];
}

/** Field by field: spreading objects takes ten times as long, and small trees are made of little else. */
function nodeOf(
  { g, h }: Sums,
  { low, high }: Bounds,
  { depth, begin, end }: { readonly depth: number; readonly begin: number; readonly end: number },
): Node {
  return { g, h, low, high, depth, begin, end, best: null, children: null };
}
