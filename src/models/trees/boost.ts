// hot loop
import { sigmoid } from "../../base/math/sigmoid.js";
import type { Rng } from "../../base/rng.js";
import type { BinnedTable } from "./bins.js";
import { type ColumnShares, columnDraw } from "./column-draw.js";
import { ALONE, type Crew } from "./crew.js";
import { Evaluator } from "./evaluator.js";
import { type GrowthLimits, growTree, type Node } from "./growing.js";
import { leavesOfNode, treeOf } from "./grown-tree.js";
import { GROUP_SIZE } from "./histogram.js";
import { HistogramFinder } from "./histogram-finder.js";
import { groupsOf, trainingMemory } from "./memory.js";
import type { RowSet } from "./partition.js";
import { subsampled } from "./row-draw.js";
import { leafWeight } from "./second-order.js";
import { Stopper } from "./stopper.js";
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

const HESSIAN_MIN = 1e-16;

/** Trees whose leaves, added to `base` in float32, are log-odds: each one step down the log loss (Friedman 2001). */
export function boost(rows: BoostRows, base: number, plan: BoostPlan, rng: Rng): Tree[] {
  const { table, y, weights, heldOut } = rows;
  const unit = unitOf(weights, plan.positiveWeight);
  const margin = new Float32Array(table.rows).fill(base);
  const hessians = new Float64Array(table.rows);
  const stopper = heldOut === null ? null : new Stopper(y, heldOut, plan.patience);
  const { finder, active, crew } = finderOf(table, plan, unit);
  const trees: Tree[] = [];
  for (let round = 0; round < plan.rounds; round++) {
    const own = rng.fork(round);
    const drawn = subsampled(weights, plan.subsample, own.fork("rows"));
    const root = gradients({ y, margin, weights: drawn, plan, unit }, finder.sums, hessians);
    fillRows(active, drawn);
    finder.drawFrom(columnDraw(table.columns.length, plan.columns, own.fork("columns")));
    const grown = growTree(table, active, { root, finder, limits: plan.limits });
    const said = leafValues(grown, active.order, { plan, unit, hessians });
    trees.push(
      treeOf(grown, table, {
        value: (leaf) => said.get(leaf) ?? 0,
        cover: (node) => node.h * unit,
        gain: (gain) => gain * unit,
      }),
    );
    addLeaves(margin, grown, said, table, active.order, drawn);
    if (stopper?.isOver(margin) === true) break;
  }
  crew.end();
  return stopper === null ? trees : trees.slice(0, stopper.best);
}

/** Most memory that histograms of open nodes may take; beyond it children are built from their rows. */
const HISTOGRAM_BYTES_MAX = 128 * 2 ** 20;

function finderOf(
  table: BinnedTable,
  plan: BoostPlan,
  unit: number,
): { finder: HistogramFinder; active: RowSet; crew: Crew } {
  const { monotone } = plan;
  const regularisation = {
    lambda: plan.lambda / unit,
    alpha: plan.alpha / unit,
    gainMin: plan.gainMin / unit,
    coverMin: plan.coverMin / unit,
  };
  const columns = table.columns.length;
  const affordable = Math.floor(HISTOGRAM_BYTES_MAX / (8 * GROUP_SIZE * Math.max(1, groupsOf(columns))));
  const slots = Math.max(2, Math.min(openMaxOf(plan.limits, table.rows) + 2, affordable));
  const crew = ALONE;
  const evaluator = new Evaluator({
    memory: trainingMemory(table, slots, false),
    shape: { rows: table.rows, columns, slots },
    regularisation,
    valueBins: Int32Array.from(table.cuts, (cuts) => cuts.length + 1),
    missing: table.missing,
    monotone,
  });
  const active = { order: evaluator.arrays.order, spare: new Uint32Array(table.rows), count: 0 };
  const finder = new HistogramFinder(table, { rows: active, regularisation, monotone, slots }, evaluator, crew);
  return { finder, active, crew };
}

/** The power of 2 that g and h are counted in: small, and such that the sum over all rows is exact in float64. */
export function unitOf(weights: Float64Array, positiveWeight: number): number {
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += weights[i]!;
  return 2 ** (Math.ceil(Math.log2(total * Math.max(1, positiveWeight))) - 51);
}

function openMaxOf({ maxDepth, maxLeaves }: GrowthLimits, rows: number): number {
  const byDepth = maxDepth === 0 ? rows : 2 ** Math.min(maxDepth - 1, 30);
  return Math.min(byDepth, rows, maxLeaves === 0 ? rows : maxLeaves);
}

interface GradientInput {
  readonly y: Uint8Array;
  readonly margin: Float32Array;
  readonly weights: Float64Array;
  readonly plan: BoostPlan;
  readonly unit: number;
}

/** Sets g and h (or weight) of each row, and its hessian, in whole units; answers their sums. */
function gradients(
  { y, margin, weights, plan, unit }: GradientInput,
  sums: Float64Array,
  hessians: Float64Array,
): { g: number; h: number } {
  const byHessian = plan.splitsBy === "hessian";
  let totalG = 0;
  let totalH = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    if (weight === 0) continue;
    const p = sigmoid(margin[i]!);
    const own = y[i] === 1 ? plan.positiveWeight / unit : 1 / unit;
    // A copy is rounded, not a row: two copies of a row then are the row of weight 2, to the last bit.
    const g = Math.round(weight * Math.round((p - y[i]!) * own));
    const hessian = Math.round(weight * Math.round(Math.max(p * (1 - p), HESSIAN_MIN) * own));
    const h = byHessian ? hessian : Math.round(weight * Math.round(own));
    sums[2 * i] = g;
    sums[2 * i + 1] = h;
    hessians[i] = hessian;
    totalG += g;
    totalH += h;
  }
  return { g: totalG, h: totalH };
}

function fillRows(active: { order: Uint32Array; count: number }, weights: Float64Array): void {
  let count = 0;
  for (let i = 0; i < weights.length; i++) if (weights[i]! > 0) active.order[count++] = i;
  active.count = count;
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
  margin: Float32Array,
  root: Node,
  said: ReadonlyMap<Node, number>,
  table: BinnedTable,
  order: Uint32Array,
  drawn: Float64Array,
): void {
  for (const [leaf, value] of said) {
    for (let p = leaf.begin; p < leaf.end; p++) margin[order[p]!]! += value;
  }
  if (root.end === table.rows) return;
  for (let i = 0; i < table.rows; i++) {
    if (drawn[i] === 0) margin[i]! += said.get(binLeaf(root, table, i)) ?? 0;
  }
}
