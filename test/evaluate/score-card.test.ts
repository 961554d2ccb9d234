import { describe, expect, test } from "vitest";
import { matrix } from "../../src/base/matrix.js";
import { seededRng } from "../../src/base/rng.js";
import type { Learner } from "../../src/evaluate/learner.js";
import { measure } from "../../src/evaluate/metrics.js";
import { groupsOf, scoreCard } from "../../src/evaluate/score-card.js";
import { crossPredict, foldsOf } from "../../src/evaluate/shuffled.js";
import { day, quiet } from "./panel.js";

describe("score card", () => {
  const rng = seededRng("card");
  const n = 400;
  const y = Uint8Array.from({ length: n }, () => (rng.uniform() < 0.3 ? 1 : 0));
  const p = Float64Array.from(y, (label) => Math.min(1, rng.uniform() * (0.6 + 0.4 * label)));
  const block = Array.from({ length: n }, (_, row) => (row < n / 2 ? 0 : 1));
  const flagged = Uint8Array.from(p, (value, row) => (value >= (block[row] === 0 ? 0.2 : 0.7) ? 1 : 0));
  const user = Int32Array.from({ length: n }, (_, row) => row % 80);
  const pooled = { y, p, flagged, user, cutoffMs: Float64Array.from(block, day) };
  const { metrics, intervals } = scoreCard(pooled, seededRng(1));

  test("F1, precision and recall are those of each row's own threshold", () => {
    const hit = [...y].filter((label, row) => label === 1 && flagged[row] === 1).length;
    const called = flagged.reduce((sum, flag) => sum + flag, 0);
    const churned = y.reduce((sum, label) => sum + label, 0);
    expect(metrics.precision).toBeCloseTo(hit / called, 12);
    expect(metrics.recall).toBeCloseTo(hit / churned, 12);
    expect(metrics.f1).toBeCloseTo((2 * hit) / (called + churned), 12);
    for (const threshold of [0.2, 0.5, 0.7]) expect(metrics.f1).not.toBeCloseTo(measure("f1", { y, p, threshold }), 6);
  });

  test("all else looks at the probabilities; lift at each cutoff", () => {
    const group = groupsOf(pooled.cutoffMs);
    expect([...new Set(group)]).toEqual([0, 1]);
    for (const name of ["averagePrecision", "rocAuc", "brier", "logLoss", "liftAt10"] as const) {
      expect(metrics[name], name).toBeCloseTo(measure(name, { y, p, group }), 12);
    }
    expect(metrics.liftAt10).not.toBeCloseTo(measure("liftAt10", { y, p }), 6);
  });

  test("a constant score has no riskiest tenth", () => {
    const same = scoreCard({ ...pooled, p: new Float64Array(n).fill(1) }, seededRng(1));
    expect(same.metrics.liftAt10).toBeNull();
    expect(same.intervals.liftAt10).toBeUndefined();
    expect(same.metrics.rocAuc).toBe(0.5);
  });

  test("intervals of both kinds hold their value, and repeat themselves", () => {
    for (const name of ["averagePrecision", "rocAuc", "f1", "precision", "recall", "brier"] as const) {
      expect(intervals[name]?.low, name).toBeLessThan(metrics[name] ?? Number.NaN);
      expect(intervals[name]?.high, name).toBeGreaterThan(metrics[name] ?? Number.NaN);
    }
    expect(scoreCard(pooled, seededRng(1)).intervals).toEqual(intervals);
    expect(scoreCard(pooled, seededRng(2)).intervals).not.toEqual(intervals);
  });
});

describe("shuffled folds", () => {
  /** Predicts the share of churned it was fitted on, plus the setting's `add`: shows which rows it saw. */
  const share: Learner = {
    name: "share",
    grid: [{ add: 0 }, { add: 0.4 }, { add: 0.5 }],
    defaults: { add: 0 },
    fit: ({ y: labels }, { add }) => {
      const rate = labels.reduce((sum, label) => sum + label, 0) / labels.length;
      return { state: { rate }, predict: (x) => new Float64Array(x.rows).fill(rate + Number(add)) };
    },
  };
  const y = Uint8Array.of(1, 0, 0, 1, 1, 0);
  const data = { x: matrix(6, 1), y, foldOf: Uint8Array.of(0, 0, 0, 1, 1, 1), folds: 2 };

  test("a row is predicted by a model of the other folds", () => {
    expect([...crossPredict(foldsOf(data)(1), { learner: share, params: { add: 0 } }, quiet)]).toEqual([
      2 / 3,
      2 / 3,
      2 / 3,
      1 / 3,
      1 / 3,
      1 / 3,
    ]);
  });
});
