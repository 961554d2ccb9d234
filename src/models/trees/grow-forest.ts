// hot loop
import { assert } from "../../base/assert.js";
import { type Rng, seededRng } from "../../base/rng.js";
import type { BinnedTable } from "./bins.js";
import { GiniFinder, type GiniOptions } from "./gini-finder.js";
import { growTree, type Node, type Split } from "./growing.js";
import { treeOf } from "./grown-tree.js";
import { partition, type RowSet, rowSet } from "./partition.js";
import { Bootstrapper } from "./row-draw.js";
import type { Job } from "./threads/jobs.js";
import type { Tree } from "./tree.js";
import { binLeaf } from "./walk-bins.js";

export interface ForestPlan extends GiniOptions {
  readonly trees: number;
  readonly maxDepth: number;
}

/** What a thread must know to grow trees of a forest. */
export interface ForestWork {
  readonly table: BinnedTable;
  readonly y: Uint8Array;
  readonly weights: Float64Array;
  readonly plan: ForestPlan;
  readonly seed: number;
  /** What trees say of rows they were not grown on, thread by thread. */
  readonly outOfBag: readonly OutOfBag[];
}

/** Job k answers tree k. */
export function forestJob(work: ForestWork, thread: number): Job {
  const outOfBag = work.outOfBag[thread];
  assert(outOfBag !== undefined, "room for what the thread's trees say");
  const grower = new ForestGrower(work, outOfBag);
  return (number) => grower.tree(number);
}

/** What trees say of rows they were not grown on: sums of P(churn) in units of 2⁻³⁰, so that they add up exactly, and of weights. */
export interface OutOfBag {
  readonly said: Float64Array;
  readonly weight: Float64Array;
}

const SAID_UNIT = 2 ** -30;

/** Room for one thread's; shared, so that the one that asks can read it. */
export function emptyOutOfBag(rows: number): OutOfBag {
  const numbers = () => new Float64Array(new SharedArrayBuffer(8 * rows));
  return { said: numbers(), weight: numbers() };
}

/** Grows trees of a forest, each of which depends on nothing but its number. */
class ForestGrower {
  private readonly outOfBag: OutOfBag;
  private readonly table: BinnedTable;
  private readonly y: Uint8Array;
  private readonly plan: ForestPlan;
  private readonly rng: Rng;
  private readonly bootstrapper: Bootstrapper;
  private readonly rows: RowSet;

  constructor({ table, y, weights, plan, seed }: ForestWork, outOfBag: OutOfBag) {
    this.table = table;
    this.y = y;
    this.plan = plan;
    this.rng = seededRng(seed).fork("forest");
    this.bootstrapper = new Bootstrapper(weights);
    this.rows = rowSet(table.rows);
    this.outOfBag = outOfBag;
  }

  tree(number: number): Tree {
    const { table, y, plan, rows } = this;
    const own = this.rng.fork(number);
    const bag = this.bootstrapper.draw(own.fork("rows"));
    let count = 0;
    const sums = { g: 0, h: 0 };
    for (let i = 0; i < table.rows; i++) {
      const draws = bag.draws[i]!;
      if (draws === 0) continue;
      rows.order[count++] = i;
      sums.h += draws;
      if (y[i] === 1) sums.g += draws;
    }
    const finder = new GiniFinder(table, rows, plan, { y, ...bag }, own.fork("columns"));
    const root = growTree({
      root: sums,
      rows: count,
      finder,
      divide: (nodes) => nodes.map((node) => partition(table, rows, node, node.best as Split)),
      limits: { maxDepth: plan.maxDepth, maxLeaves: 0 },
    });
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
export function outOfBagProbability(parts: readonly OutOfBag[]): Float64Array {
  return Float64Array.from(parts[0]?.said ?? [], (_, i) => {
    let said = 0;
    let weight = 0;
    for (const part of parts) {
      said += part.said[i]!;
      weight += part.weight[i]!;
    }
    return (said * SAID_UNIT) / weight;
  });
}
