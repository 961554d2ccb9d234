import { type BinnedTable, GROUP } from "./bins.js";
import type { ColumnDraw } from "./column-draw.js";
import { type GroupWork, type NodeTask, workGroup } from "./group-work.js";
import type { Bounds, Node, Split, SplitFinder } from "./growing.js";
import { GROUP_SIZE } from "./histogram.js";
import { inOrder } from "./in-order.js";
import type { RowSet } from "./partition.js";
import { boundsOfChildren, type Regularisation } from "./second-order.js";

/** Most memory that histograms of open nodes may take; beyond it children are built from their rows. */
const BYTES_MAX = 128 * 2 ** 20;

export interface FinderOptions {
  readonly regularisation: Regularisation;
  /** By column of the table. */
  readonly monotone: Int8Array;
  /** Most nodes that are open at once. */
  readonly openMax: number;
}

/**
 * Second-order splits by histograms over all columns. The smaller child of a node is summed from its rows, the larger one is what
 * that leaves of the parent. All sums are of whole numbers and so exact: no order of work shows in the tree.
 */
export class HistogramFinder implements SplitFinder {
  /** g and h by row, in turn: set before each tree. */
  readonly sums: Float64Array;
  private readonly rows: RowSet;
  private readonly work: GroupWork;
  private readonly groups: number;
  private readonly slots: number;
  private readonly slotOf = new Map<Node, number>();
  private free: number[] = [];
  private draw: ColumnDraw | null = null;

  constructor(table: BinnedTable, rows: RowSet, options: FinderOptions) {
    this.rows = rows;
    this.sums = new Float64Array(2 * table.rows);
    this.groups = Math.ceil(table.columns.length / GROUP);
    const size = this.groups * GROUP_SIZE;
    // Two more than are kept, for children that find no room.
    this.slots = Math.max(2, Math.min(options.openMax + 2, Math.floor(BYTES_MAX / (8 * Math.max(size, 1)))));
    this.work = {
      table,
      input: { rows: table.rows, bins: table.bins, order: rows.order, sums: new Float64Array(2 * table.rows) },
      histograms: new Float64Array(this.slots * size),
      size,
      regularisation: options.regularisation,
      monotone: options.monotone,
    };
  }

  /** Columns of the next tree. */
  drawFrom(draw: ColumnDraw): void {
    this.draw = draw;
  }

  begin(root: Node): void {
    this.slotOf.clear();
    this.free = Array.from({ length: this.slots - 2 }, (_, i) => this.slots - 1 - i);
    this.evaluate([this.built(root, this.keep(root) ?? 0)]);
  }

  descend(parents: readonly Node[]): void {
    let tasks: NodeTask[] = [];
    for (const parent of parents) {
      const family = this.tasksOf(parent);
      tasks.push(...family.tasks);
      if (family.kept) continue;
      this.evaluate(tasks);
      tasks = [];
    }
    this.evaluate(tasks);
  }

  boundsOf(parent: Node, split: Split): readonly [Bounds, Bounds] {
    const { monotone, regularisation } = this.work;
    return boundsOfChildren(parent, split, monotone[split.column] as -1 | 0 | 1, regularisation);
  }

  /** What is to be done for the children; `kept` is false where their histograms are lost with the next family's. */
  private tasksOf(parent: Node): { tasks: NodeTask[]; kept: boolean } {
    const [left, right] = parent.children as readonly [Node, Node];
    const [small, large] = left.end - left.begin <= right.end - right.begin ? [left, right] : [right, left];
    const slot = this.slotOf.get(parent);
    this.slotOf.delete(parent);
    if (slot !== undefined) {
      this.slotOf.set(large, slot);
      const own = this.keep(small);
      const built = this.built(small, own ?? 0);
      return { tasks: [built, { ...built, node: large, slot, sibling: built.slot }], kept: own !== null };
    }
    const tasks = [small, large].map((node, i) => this.built(node, i));
    return { tasks, kept: false };
  }

  private built(node: Node, slot: number): NodeTask {
    inOrder(this.sums, this.rows.order, node, this.work.input.sums);
    return { node, slot, sibling: -1, allowed: new Uint8Array(0) };
  }

  private keep(node: Node): number | null {
    const slot = this.free.pop();
    if (slot === undefined) return null;
    this.slotOf.set(node, slot);
    return slot;
  }

  private evaluate(tasks: readonly NodeTask[]): void {
    const asked = tasks.map((task) => ({ ...task, allowed: (this.draw as ColumnDraw).ofNode(task.node.depth) }));
    for (let group = 0; group < this.groups; group++) {
      workGroup(this.work, group, asked).forEach((found, i) => {
        const { node } = asked[i] as NodeTask;
        for (const split of found) if (split !== null && split.gain > (node.best?.gain ?? 0)) node.best = split;
      });
    }
    for (const { node, slot } of asked) {
      if (node.best !== null || this.slotOf.get(node) !== slot) continue;
      this.slotOf.delete(node);
      this.free.push(slot);
    }
  }
}
