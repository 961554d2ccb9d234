import { describe, expect, it } from "vitest";
import { matrix, takeRows } from "../../../src/base/matrix.js";
import { rocAuc } from "../../../src/evaluate/metrics.js";
import { boosting } from "../../../src/models/boosting.js";
import { ensemble } from "../../../src/models/ensemble.js";
import type { Estimator } from "../../../src/models/estimator.js";
import { forest } from "../../../src/models/forest.js";
import { logistic } from "../../../src/models/logistic.js";
import { type XgboostParams, xgboost } from "../../../src/models/xgboost.js";
import { churnSample, worldOf } from "./sample.js";

const small = {
  forest: { ...forest.defaults, trees: 20 },
  boosting: { ...boosting.defaults, trees: 20 },
  xgboost: { ...xgboost.defaults, rounds: 20 },
};
const ALL: readonly [Estimator<object, unknown>, object][] = [
  [forest as Estimator<object, unknown>, small.forest],
  [boosting as Estimator<object, unknown>, small.boosting],
  [xgboost as Estimator<object, unknown>, small.xgboost],
  [ensemble as Estimator<object, unknown>, { ...ensemble.defaults, ...small }],
  [ensemble as Estimator<object, unknown>, { ...ensemble.defaults, ...small, combine: "stack" }],
];
const fresh = churnSample(2_000, 6, 2);
const sample = churnSample(2_000, 6, 1);

function aucOf(params: Partial<XgboostParams>): number {
  const state = xgboost.fit(sample.x, sample.y, null, { ...xgboost.defaults, ...params }, worldOf(3));
  return rocAuc({ y: fresh.y, p: xgboost.predict(state, fresh.x) });
}

describe.each(ALL)("$0.name", (estimator, params) => {
  it("finds what a line cannot", () => {
    const state = estimator.fit(sample.x, sample.y, null, params, worldOf(5));
    const line = logistic.fit(sample.x, sample.y, null, logistic.defaults, worldOf(1));
    const auc = rocAuc({ y: fresh.y, p: estimator.predict(state, fresh.x) });
    expect(auc).toBeGreaterThan(rocAuc({ y: fresh.y, p: logistic.predict(line, fresh.x) }) + 0.03);
  });

  it("takes constant, missing, infinite and copied columns, and as many as there are", () => {
    const rows = 60;
    const cols = 10_000;
    const x = matrix(rows, cols);
    const y = Uint8Array.from({ length: rows }, (_, i) => i % 2);
    for (let i = 0; i < rows; i++) {
      const row = [
        y[i] ?? 0,
        3,
        Number.NaN,
        i % 3 === 0 ? Number.POSITIVE_INFINITY : i,
        i % 4 === 0 ? -1e300 : i,
        y[i] ?? 0,
      ];
      x.data.set(row, i * cols);
    }
    const columns = [0, 1, 2, 3, 4, 5, 9_999];
    const state = estimator.fit(
      x,
      y,
      null,
      { ...params, columns: columns.filter((c) => estimator !== (ensemble as never) || c < 3) },
      worldOf(1),
    );
    const p = estimator.predict(state, x);
    expect(p.every((own, i) => own >= 0 && own <= 1 && own > 0.5 === (y[i] === 1))).toBe(true);
  });

  it("predicts from three rows, and without a column that tells anything", () => {
    const three = matrix(3, 2, Float64Array.from([1, 2, 1, 3, 1, 5]));
    const labels = Uint8Array.of(0, 1, 0);
    const p = estimator.predict(estimator.fit(three, labels, null, params, worldOf(1)), three);
    expect(p.every((own) => own >= 0 && own <= 1)).toBe(true);
    const constant = matrix(3, 1, Float64Array.of(4, 4, 4));
    const q = estimator.predict(estimator.fit(constant, labels, null, params, worldOf(1)), constant);
    expect(new Set(q).size).toBe(1);
  });
});

describe("xgboost's settings", () => {
  it.each([
    { subsample: 0.5 },
    { colsampleByTree: 0.5 },
    { colsampleByLevel: 0.5 },
    { colsampleByNode: 0.5 },
    { maxDepth: 0, maxLeaves: 12 },
    { scalePosWeight: 3 },
    { baseScore: 0.5 },
    { gamma: 1 },
    { alpha: 1 },
  ])("%j learns", (params) => {
    expect(aucOf(params)).toBeGreaterThan(0.73);
  });

  it("grows no more leaves, no deeper, and with no less gain or weight than it may", () => {
    const limits = { maxLeaves: 7, maxDepth: 4, gamma: 3, minChildWeight: 20, rounds: 15 };
    const { trees } = xgboost.fit(sample.x, sample.y, null, { ...xgboost.defaults, ...limits }, worldOf(1));
    for (const tree of trees) {
      const leaves = tree.feature.flatMap((feature, i) => (feature < 0 ? [i] : []));
      expect(leaves.length).toBeLessThanOrEqual(7);
      for (const leaf of leaves) if (leaf > 0) expect(tree.cover[leaf]).toBeGreaterThanOrEqual(20);
      tree.gain.forEach((gain, i) => {
        if ((tree.feature[i] ?? -1) >= 0) expect(gain).toBeGreaterThanOrEqual(3);
      });
    }
    expect(trees.some((tree) => tree.feature.length === 13)).toBe(true);
  });

  it.each([1, -1] as const)("keeps a monotone constraint of %i whatever else a row says", (direction) => {
    const monotone = [direction, 0, 0, 0, 0, 0] as const;
    const params = { ...xgboost.defaults, rounds: 60, maxDepth: 5, monotone };
    const state = xgboost.fit(sample.x, sample.y, null, params, worldOf(1));
    const steps = Array.from({ length: 41 }, (_, i) => (i - 20) / 7);
    for (let row = 0; row < 100; row++) {
      const moved = takeRows(
        fresh.x,
        steps.map(() => row),
      );
      steps.forEach((step, i) => {
        moved.data[i * moved.cols] = step;
      });
      const p = xgboost.predict(state, moved);
      for (let i = 1; i < p.length; i++) {
        expect(direction * ((p[i] ?? 0) - (p[i - 1] ?? 0))).toBeGreaterThanOrEqual(0);
      }
    }
  });

  it("stops early, at the same tree each time, and no worse for it", () => {
    const params = { ...xgboost.defaults, rounds: 1_000, eta: 0.3, earlyStopping: { rounds: 10, share: 0.2 } };
    const stopped = xgboost.fit(sample.x, sample.y, null, params, worldOf(9));
    expect(stopped.trees.length).toBeLessThan(200);
    expect(xgboost.fit(sample.x, sample.y, null, params, worldOf(9))).toEqual(stopped);
    const early = rocAuc({ y: fresh.y, p: xgboost.predict(stopped, fresh.x) });
    expect(early).toBeGreaterThan(aucOf({ rounds: 1_000, eta: 0.3 }));
  });
});

it("a forest's out-of-bag score is that of fresh rows", () => {
  const state = forest.fit(sample.x, sample.y, null, forest.defaults, worldOf(4));
  const p = forest.predict(state, fresh.x);
  const brier = p.reduce((sum, own, i) => sum + (own - (fresh.y[i] ?? 0)) ** 2 / p.length, 0);
  expect(state.outOfBag?.rows).toBe(sample.x.rows);
  expect(Math.abs((state.outOfBag?.brier ?? 1) - brier)).toBeLessThan(0.01);
});
