import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asLogOdds, asProbability, contributionsOf } from "../../../src/models/contributions.js";
import type { BoostedTrees, Tree } from "../../../src/models/trees/tree.js";
import { expectedSum, treeShap } from "../../../src/models/trees/tree-shap.js";
import { boostedMargin, treesProbability } from "../../../src/models/trees/walk.js";
import { needsShared } from "../../shared.js";
import { XGBOOST_FILE, XGBOOST_MODELS, xgboostReference } from "../xgboost-reference.js";
import { randomBoosting, randomForest, randomRows } from "./random-trees.js";

const sumOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

describe.skipIf(needsShared(XGBOOST_FILE))("contributions of XGBoost", () => {
  it.each(XGBOOST_MODELS)("%s: the library's to 1e-5, the expected margin too", (name) => {
    const { model, x, expected } = xgboostReference(name);
    const furthest = expected.contribsFirst20.map((theirs, i) => {
      const { base, effects } = contributionsOf(model.state, x.data.slice(i * x.cols, (i + 1) * x.cols));
      return Math.max(...theirs.map((value, j) => Math.abs(value - (j < x.cols ? (effects[j] ?? 9) : base))));
    });
    expect(Math.max(...furthest)).toBeLessThan(1e-5);
  });
});

/** Shapley's own sum over all sets of columns, each worth the mean over the unknown ones. */
function byDefinition(state: BoostedTrees, row: Float64Array): number[] {
  const n = state.inputs;
  const worth = (known: number) => state.trees.reduce((sum, tree) => sum + meanGiven(tree, 0, row, known), 0);
  const factorial = (k: number): number => (k <= 1 ? 1 : k * factorial(k - 1));
  const sizeOf = (set: number) => [...set.toString(2)].filter((bit) => bit === "1").length;
  return Array.from({ length: n }, (_, j) => {
    let phi = 0;
    for (let set = 0; set < 2 ** n; set++) {
      if (set & (1 << j)) continue;
      const weight = (factorial(sizeOf(set)) * factorial(n - sizeOf(set) - 1)) / factorial(n);
      phi += weight * (worth(set | (1 << j)) - worth(set));
    }
    return phi;
  });
}

function meanGiven(tree: Tree, node: number, row: Float64Array, known: number): number {
  const column = tree.feature[node] ?? -1;
  if (column < 0) return tree.value[node] ?? 0;
  const [left = 0, right = 0] = [tree.left[node], tree.right[node]];
  if (known & (1 << column)) {
    const value = Math.fround(row[column] ?? Number.NaN);
    const goesLeft = Number.isNaN(value) ? tree.missingLeft[node] === 1 : value < (tree.threshold[node] ?? 0);
    return meanGiven(tree, goesLeft ? left : right, row, known);
  }
  const share = (tree.cover[left] ?? 0) / (tree.cover[node] ?? 1);
  return share * meanGiven(tree, left, row, known) + (1 - share) * meanGiven(tree, right, row, known);
}

describe("TreeSHAP", () => {
  const settings = fc.record({
    seed: fc.nat(1e6),
    depth: fc.integer({ min: 0, max: 7 }),
    inputs: fc.integer({ min: 1, max: 5 }),
  });

  it("is what Shapley's definition says, also where a path asks about a column again", () => {
    fc.assert(
      fc.property(settings, ({ seed, depth, inputs }) => {
        const state = randomBoosting(`${seed}`, { inputs, depth, trees: 2 });
        const row = randomRows(`${seed}`, 1, inputs).data;
        const theirs = byDefinition(state, row);
        treeShap(state, row).forEach((value, j) => {
          expect(value).toBeCloseTo(theirs[j] ?? 9, 9);
        });
      }),
      { numRuns: 60 },
    );
  });

  it("adds up to the margin, and to P(churn) in a forest", () => {
    fc.assert(
      fc.property(settings, ({ seed, depth, inputs }) => {
        const size = { inputs, depth, trees: 5 };
        const x = randomRows(`${seed}`, 1, inputs);
        const boosting = randomBoosting(`${seed}`, size);
        const told = contributionsOf(boosting, x.data);
        expect(told.scale).toBe("log-odds");
        expect(told.base + sumOf(told.effects)).toBeCloseTo(boostedMargin(boosting, x)[0] ?? 9, 5);
        const forest = randomForest(`${seed}`, size);
        const share = contributionsOf(forest, x.data);
        expect(share.scale).toBe("probability");
        const [p = 9] = treesProbability(forest, x);
        expect(share.base + sumOf(share.effects)).toBeCloseTo(p, 9);
        const odds = asLogOdds(share);
        expect(odds.base + sumOf(odds.effects)).toBeCloseTo(Math.log(p / (1 - p)), 6);
        expect(asProbability(share)).toBe(share);
        const back = asProbability(told);
        expect(back.base + sumOf(back.effects)).toBeCloseTo(treesProbability(boosting, x)[0] ?? 9, 6);
      }),
    );
  });

  it("gives a column that no tree asks about exactly nothing, and copes with nodes that no row came to", () => {
    const tree: Tree = {
      feature: [0, 1, -1, -1, -1],
      threshold: [0, 0, 0, 0, 0],
      left: [1, 3, -1, -1, -1],
      right: [2, 4, -1, -1, -1],
      missingLeft: [0, 0, 0, 0, 0],
      value: [0, 0, 1, 2, 4],
      cover: [10, 0, 10, 0, 0],
      gain: [0, 0, 0, 0, 0],
    };
    const state: BoostedTrees = { kind: "xgboost", inputs: 3, base: 0, trees: [tree] };
    expect(expectedSum(state)).toBe(1);
    for (const row of [
      [1, 1, 1],
      [-1, -1, 1],
      [-1, 1, 1],
      [Number.NaN, 0, 0],
    ]) {
      const phi = treeShap(state, row);
      expect(phi[2]).toBe(0);
      expect(1 + sumOf(phi)).toBeCloseTo(
        boostedMargin(state, { rows: 1, cols: 3, data: Float64Array.from(row) })[0] ?? 9,
        9,
      );
    }
  });
});

it("of a deep forest that asks about the same columns again and again they still add up, to the bit nearly", () => {
  const deep = randomForest("deep", { inputs: 3, depth: 14, trees: 3 });
  const rows = randomRows("deep rows", 30, 3);
  const said = treesProbability(deep, rows);
  for (let i = 0; i < rows.rows; i++) {
    const effects = treeShap(deep, rows.data.slice(3 * i, 3 * i + 3));
    expect((expectedSum(deep) + sumOf(effects)) / 3).toBeCloseTo(said[i] ?? 9, 12);
  }
});
