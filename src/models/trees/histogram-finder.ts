import type { ColumnDraw } from "./column-draw.js";
import { type Evaluator, splitJobs } from "./evaluator.js";
import type { Bounds, Node, Split, SplitFinder } from "./growing.js";
import { inOrder } from "./in-order.js";
import { boundsOfChildren, type Regularisation } from "./second-order.js";
import { TASKS_MAX } from "./task-board.js";
import type { Round } from "./threads/crew.js";

export interface FinderOptions {
  readonly regularisation: Regularisation;
  /** By column of the table. */
  readonly monotone: Int8Array;
  /** How many histograms there is room for: two, and one for each node that keeps its own. */
  readonly slots: number;
}

/** A task, and the node that it is about. */
interface Asked {
  readonly node: Node;
  readonly slot: number;
  readonly sibling: number;
  readonly allowed: Uint8Array;
}

/**
 * Second-order splits by histograms over all columns. The smaller child of a node is summed from its rows, the larger one is what
 * that leaves of the parent. All sums are of whole numbers and so exact: no order of work shows in the tree.
 */
export class HistogramFinder implements SplitFinder {
  private readonly options: FinderOptions;
  private readonly evaluator: Evaluator;
  private readonly lookForSplits: Round;
  private readonly slotOf = new Map<Node, number>();
  private free: number[] = [];
  /** Columns that nodes may be split by, drawn left to right: which child has fewer rows must not matter. */
  private readonly allowed = new Map<Node, Uint8Array>();
  private draw: ColumnDraw | null = null;

  /** @param lookForSplits does `splits` over the evaluator's memory */
  constructor(options: FinderOptions, evaluator: Evaluator, lookForSplits: Round) {
    this.options = options;
    this.evaluator = evaluator;
    this.lookForSplits = lookForSplits;
  }

  /** Columns of the next tree. */
  drawFrom(draw: ColumnDraw): void {
    this.draw = draw;
  }

  begin(root: Node): void {
    this.slotOf.clear();
    this.free = Array.from({ length: this.options.slots - 2 }, (_, i) => this.options.slots - 1 - i);
    this.drawFor(root);
    this.evaluate([this.built(root, this.keep(root) ?? 0)]);
  }

  descend(parents: readonly Node[]): void {
    let asked: Asked[] = [];
    for (const parent of parents) {
      const family = this.familyOf(parent);
      asked.push(...family.asked);
      if (family.kept && asked.length + 2 <= TASKS_MAX) continue;
      this.evaluate(asked);
      asked = [];
    }
    this.evaluate(asked);
  }

  boundsOf(parent: Node, split: Split): readonly [Bounds, Bounds] {
    const { monotone, regularisation } = this.options;
    return boundsOfChildren(parent, split, monotone[split.column] as -1 | 0 | 1, regularisation);
  }

  /** What is to be done for the children; `kept` is false where a histogram is lost with the next family's. */
  private familyOf(parent: Node): { asked: Asked[]; kept: boolean } {
    const [left, right] = parent.children as readonly [Node, Node];
    this.drawFor(left);
    this.drawFor(right);
    const [small, large] = left.end - left.begin <= right.end - right.begin ? [left, right] : [right, left];
    const slot = this.slotOf.get(parent);
    this.slotOf.delete(parent);
    if (slot === undefined) return { asked: [this.built(small, 0), this.built(large, 1)], kept: false };
    this.slotOf.set(large, slot);
    const own = this.keep(small);
    const built = this.built(small, own ?? 0);
    const allowed = this.allowedOf(large);
    return { asked: [built, { node: large, slot, sibling: built.slot, allowed }], kept: own !== null };
  }

  private built(node: Node, slot: number): Asked {
    const { rowSums, order, sums } = this.evaluator.arrays;
    inOrder(rowSums, order, node, sums);
    return { node, slot, sibling: -1, allowed: this.allowedOf(node) };
  }

  private drawFor(node: Node): void {
    this.allowed.set(node, (this.draw as ColumnDraw).ofNode(node.depth));
  }

  private allowedOf(node: Node): Uint8Array {
    const allowed = this.allowed.get(node) as Uint8Array;
    this.allowed.delete(node);
    return allowed;
  }

  private keep(node: Node): number | null {
    const slot = this.free.pop();
    if (slot === undefined) return null;
    this.slotOf.set(node, slot);
    return slot;
  }

  private evaluate(asked: readonly Asked[]): void {
    const { board, groups } = this.evaluator;
    asked.forEach(({ node, slot, sibling, allowed }, i) => {
      board.put(i, node, { slot, sibling, allowed });
    });
    this.lookForSplits(splitJobs(groups, asked.length), asked.length);
    asked.forEach(({ node, slot }, i) => {
      node.best = board.best(i);
      if (node.best !== null || this.slotOf.get(node) !== slot) return;
      this.slotOf.delete(node);
      this.free.push(slot);
    });
  }
}
