// hot loop
import type { Rng } from "../../base/rng.js";
import type { BinnedTable } from "./bins.js";
import { type ColumnShares, columnDraw } from "./column-draw.js";
import { Evaluator } from "./evaluator.js";
import { gradientJobs, unitOf } from "./gradients.js";
import { type Divide, type GrowthLimits, growTree, type Node, type Split, type Sums } from "./growing.js";
import { leavesOfNode, treeOf } from "./grown-tree.js";
import { GROUP_SIZE } from "./histogram.js";
import { HistogramFinder } from "./histogram-finder.js";
import { groupsOf, type TrainingArrays, trainingMemory } from "./memory.js";
import { middleOf, putDivision } from "./partition.js";
import { subsampled } from "./row-draw.js";
import { leafWeight } from "./second-order.js";
import { Stopper } from "./stopper.js";
import { TASKS_MAX } from "./task-board.js";
import type { Crew, Round } from "./threads/crew.js";
import type { Tree } from "./tree.js";
import { binLeaf } from "./walk-bins.js";

export interface BoostPlan {
  readonly rounds: number;
  /** What leaves are shrunk by. */
  readonly eta: number;
  readonly limits: GrowthLimits;
  /**
   * What splits are weighed by: hessians, with leaves by their own second-order optimum; or weights, as a tree of residuals is
   * grown by variance, with a Newton step in each leaf (Friedman 2001).
   */
  readonly splitsBy: "hessian" | "weight";
  readonly lambda: number;
  readonly alpha: number;
  /** Least gain of a split, and least sum in a child of what splits are weighed by. */
  readonly gainMin: number;
  readonly coverMin: number;
  readonly positiveWeight: number;
  readonly subsample: number;
  readonly columns: ColumnShares;
  /** By column of the table. */
  readonly monotone: Int8Array;
  /** Rounds without a better held-out loss after which it stops; 0 never. */
  readonly patience: number;
}

export interface BoostRows {
  readonly table: BinnedTable;
  readonly y: Uint8Array;
  /** Of the rows that trees grow on; 0 for those held out. */
  readonly weights: Float64Array;
  /** Of the rows held out; null for none. */
  readonly heldOut: Float64Array | null;
}

export interface BoostTools {
  readonly rng: Rng;
  readonly crew: Crew;
}

/** Trees whose leaves, added to `base` in float32, are log-odds: each one step down the log loss (Friedman 2001). */
export function boost(
  { table, y, weights, heldOut }: BoostRows,
  base: number,
  plan: BoostPlan,
  tools: BoostTools,
): Tree[] {
  const { rng, crew } = tools;
  const unit = unitOf(weights, plan.positiveWeight);
  const { finder, divide, arrays, setGradients } = trainerOf(table, plan, unit, crew);
  arrays.margin.fill(base);
  arrays.y.set(y);
  const stopper = heldOut === null ? null : new Stopper(y, heldOut, plan.patience);
  const trees: Tree[] = [];
  for (let round = 0; round < plan.rounds; round++) {
    const own = rng.fork(round);
    arrays.weights.set(subsampled(weights, plan.subsample, own.fork("rows")));
    const root = totalOf(setGradients(gradientJobs(table.rows)) as Sums[]);
    const rows = fillOrder(arrays);
    finder.drawFrom(columnDraw(table.columns.length, plan.columns, own.fork("columns")));
    const grown = growTree({ root, rows, finder, divide, limits: plan.limits });
    const said = leafValues(grown, arrays.order, { plan, unit, hessians: arrays.hessians });
    trees.push(
      treeOf(grown, table, {
        value: (leaf) => said.get(leaf) ?? 0,
        cover: (node) => node.h * unit,
        gain: (gain) => gain * unit,
      }),
    );
    addLeaves(arrays, grown, said, table);
    if (stopper?.isOver(arrays.margin) === true) break;
  }
  return stopper === null ? trees : trees.slice(0, stopper.best);
}

/** Most memory that histograms of open nodes may take; beyond it children are built from their rows. */
const HISTOGRAM_BYTES_MAX = 128 * 2 ** 20;

interface Trainer {
  readonly arrays: TrainingArrays;
  readonly setGradients: Round;
  readonly finder: HistogramFinder;
  readonly divide: Divide;
}

function trainerOf(table: BinnedTable, plan: BoostPlan, unit: number, crew: Crew): Trainer {
  const { monotone, positiveWeight } = plan;
  const regularisation = {
    lambda: plan.lambda / unit,
    alpha: plan.alpha / unit,
    gainMin: plan.gainMin / unit,
    coverMin: plan.coverMin / unit,
  };
  const columns = table.columns.length;
  const affordable = Math.floor(HISTOGRAM_BYTES_MAX / (8 * GROUP_SIZE * Math.max(1, groupsOf(columns))));
  const slots = Math.max(2, Math.min(openMaxOf(plan.limits, table.rows) + 2, affordable));
  const memory = trainingMemory(table, slots, crew.threads > 1);
  const shape = { rows: table.rows, columns, slots };
  const valueBins = Int32Array.from(table.cuts, (cuts) => cuts.length + 1);
  const evaluation = { memory, shape, regularisation, valueBins, missing: table.missing, monotone };
  const evaluator = new Evaluator(evaluation);
  const lookForSplits = crew.prepare("splits", evaluation);
  const byHessian = plan.splitsBy === "hessian";
  return {
    arrays: evaluator.arrays,
    setGradients: crew.prepare("gradients", { memory, shape, unit, byHessian, positiveWeight }),
    finder: new HistogramFinder({ regularisation, monotone, slots }, evaluator, lookForSplits),
    divide: dividerOf(evaluator.arrays.divisions, crew.prepare("rows", evaluation)),
  };
}

/** @param divideRows does `rows` over the memory of `divisions` */
function dividerOf(divisions: Int32Array, divideRows: Round): Divide {
  return (nodes) => {
    const middles: number[] = [];
    for (let first = 0; first < nodes.length; first += TASKS_MAX) {
      const some = nodes.slice(first, first + TASKS_MAX);
      for (const [i, node] of some.entries()) putDivision(divisions, i, node, node.best as Split);
      divideRows(some.length);
      middles.push(...some.map((_, i) => middleOf(divisions, i)));
    }
    return middles;
  };
}

function openMaxOf({ maxDepth, maxLeaves }: GrowthLimits, rows: number): number {
  const byDepth = maxDepth === 0 ? rows : 2 ** Math.min(maxDepth - 1, 30);
  return Math.min(byDepth, rows, maxLeaves === 0 ? rows : maxLeaves);
}

/** All are whole numbers of units: in whatever order they are added, the sum is the same. */
function totalOf(parts: readonly Sums[]): Sums {
  return parts.reduce((sum, part) => ({ g: sum.g + part.g, h: sum.h + part.h }));
}

/** The rows with weight, ascending; answers how many there are. */
function fillOrder({ order, weights }: TrainingArrays): number {
  let count = 0;
  for (let i = 0; i < weights.length; i++) if (weights[i]! > 0) order[count++] = i;
  return count;
}

interface LeafInput {
  readonly plan: BoostPlan;
  readonly unit: number;
  readonly hessians: Float64Array;
}

function leafValues(root: Node, order: Uint32Array, { plan, unit, hessians }: LeafInput): Map<Node, number> {
  const regularisation = { lambda: plan.lambda / unit, alpha: plan.alpha / unit, gainMin: 0, coverMin: 0 };
  return new Map(
    leavesOfNode(root).map((leaf) => {
      let h = leaf.h;
      if (plan.splitsBy === "weight") {
        h = 0;
        for (let p = leaf.begin; p < leaf.end; p++) h += hessians[order[p]!]!;
      }
      return [leaf, Math.fround(plan.eta * leafWeight(leaf.g, h, regularisation, leaf))];
    }),
  );
}

function addLeaves(
  { margin, order, weights }: TrainingArrays,
  root: Node,
  said: ReadonlyMap<Node, number>,
  table: BinnedTable,
): void {
  for (const [leaf, value] of said) {
    for (let p = leaf.begin; p < leaf.end; p++) margin[order[p]!]! += value;
  }
  if (root.end === table.rows) return;
  for (let i = 0; i < table.rows; i++) {
    if (weights[i] === 0) margin[i]! += said.get(binLeaf(root, table, i)) ?? 0;
  }
}
