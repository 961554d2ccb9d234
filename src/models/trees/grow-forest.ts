// hot loop
import type { Rng } from "../../base/rng.js";
import type { BinnedTable } from "./bins.js";
import { GiniFinder, type GiniOptions } from "./gini-finder.js";
import { growTree, type Node } from "./growing.js";
import { treeOf } from "./grown-tree.js";
import { type RowSet, rowSet } from "./partition.js";
import { Bootstrapper } from "./row-draw.js";
import type { Tree } from "./tree.js";
import { binLeaf } from "./walk-bins.js";

export interface ForestPlan extends GiniOptions {
  readonly trees: number;
  readonly maxDepth: number;
}

/** What trees say of rows they were not grown on: sums of P(churn) in units of 2⁻³⁰, so that they add up exactly, and of weights. */
export interface OutOfBag {
  readonly said: Float64Array;
  readonly weight: Float64Array;
}

const SAID_UNIT = 2 ** -30;

/** Grows trees of a forest, each of which depends on nothing but its number. */
export class ForestGrower {
  readonly outOfBag: OutOfBag;
  private readonly table: BinnedTable;
  private readonly y: Uint8Array;
  private readonly plan: ForestPlan;
  private readonly rng: Rng;
  private readonly bootstrapper: Bootstrapper;
  private readonly rows: RowSet;

  constructor(table: BinnedTable, y: Uint8Array, weights: Float64Array, plan: ForestPlan, rng: Rng) {
    this.table = table;
    this.y = y;
    this.plan = plan;
    this.rng = rng;
    this.bootstrapper = new Bootstrapper(weights);
    this.rows = rowSet(table.rows);
    this.outOfBag = { said: new Float64Array(table.rows), weight: new Float64Array(table.rows) };
  }

  tree(number: number): Tree {
    const { table, y, plan, rows } = this;
    const own = this.rng.fork(number);
    const bag = this.bootstrapper.draw(own.fork("rows"));
    rows.count = 0;
    const sums = { g: 0, h: 0 };
    for (let i = 0; i < table.rows; i++) {
      const draws = bag.draws[i]!;
      if (draws === 0) continue;
      rows.order[rows.count++] = i;
      sums.h += draws;
      if (y[i] === 1) sums.g += draws;
    }
    const finder = new GiniFinder(table, rows, plan, { y, ...bag }, own.fork("columns"));
    const root = growTree(table, rows, { root: sums, finder, limits: { maxDepth: plan.maxDepth, maxLeaves: 0 } });
    this.addOutOfBag(root, bag.outOfBag);
    return treeOf(root, table, {
      value: (leaf) => this.probability(leaf),
      cover: ({ g, h }) => plan.classWeight[0] * (h - g) + plan.classWeight[1] * g,
      // From Σ weight · p² to Σ weight · 2 p (1 − p).
      gain: (gain) => 2 * Math.max(gain, 0),
    });
  }

  private probability({ g, h }: Node): number {
    const [kept, churned] = this.plan.classWeight;
    return (churned * g) / (kept * (h - g) + churned * g);
  }

  private addOutOfBag(root: Node, left: Float64Array): void {
    const { said, weight } = this.outOfBag;
    for (let i = 0; i < left.length; i++) {
      if (left[i] === 0) continue;
      said[i]! += Math.round(this.probability(binLeaf(root, this.table, i)) / SAID_UNIT);
      weight[i]!++;
    }
  }
}

/** Mean of what trees said of each row that at least one of them was not grown on; NaN for the rest. */
export function outOfBagProbability({ said, weight }: OutOfBag): Float64Array {
  return said.map((sum, i) => (sum * SAID_UNIT) / weight[i]!);
}
