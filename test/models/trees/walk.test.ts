import { describe, expect, it } from "vitest";
import { matrix } from "../../../src/base/matrix.js";
import type { ForestState, Tree } from "../../../src/models/trees/tree.js";
import { boostedMargin, leavesOf, treesProbability } from "../../../src/models/trees/walk.js";
import { needsShared } from "../../shared.js";
import { XGBOOST_FILE, XGBOOST_MODELS, xgboostReference } from "../xgboost-reference.js";

describe.skipIf(needsShared(XGBOOST_FILE))("trees of XGBoost", () => {
  it.each(XGBOOST_MODELS)("%s: the same leaves, margins and probabilities", (name) => {
    const { model, x, expected } = xgboostReference(name);
    const trees = model.state.trees.length;
    const leaves = leavesOf(model.state, x);
    expected.leafFirst20.forEach((row, i) => {
      expect(Array.from(leaves.subarray(i * trees, (i + 1) * trees))).toEqual(row);
    });
    const margin = boostedMargin(model.state, x);
    expect(Array.from(margin, Math.fround)).toEqual(expected.margin.map(Math.fround));
    const p = treesProbability(model.state, x);
    expect(Math.max(...p.map((value, i) => Math.abs(value - (expected.probability[i] ?? 9))))).toBeLessThan(1e-6);
  });
});

/** x0 < 0.1 ? 0.25 : 0.75, a missing x0 to the given side. */
const stump = (missingLeft: 0 | 1): Tree => ({
  feature: [0, -1, -1],
  threshold: [Math.fround(0.1), 0, 0],
  left: [1, -1, -1],
  right: [2, -1, -1],
  missingLeft: [missingLeft, 0, 0],
  value: [0, 0.25, 0.75],
  cover: [4, 2, 2],
  gain: [1, 0, 0],
});

describe("a forest", () => {
  const state: ForestState = { kind: "forest", inputs: 1, trees: [stump(0), stump(1)] };

  it("is the mean of its leaves, and sends a missing value where it was told", () => {
    const x = matrix(3, 1, Float64Array.of(-1, 1, Number.NaN));
    expect(Array.from(treesProbability(state, x))).toEqual([0.25, 0.75, 0.5]);
    expect(Array.from(leavesOf(state, x))).toEqual([1, 1, 2, 2, 2, 1]);
  });

  it("compares as float32: a value that rounds to the threshold is not below it", () => {
    expect(Array.from(treesProbability(state, matrix(1, 1, Float64Array.of(0.1))))).toEqual([0.75]);
  });
});
