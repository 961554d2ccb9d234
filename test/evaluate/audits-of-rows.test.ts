import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRng } from "../../src/base/rng.js";
import { adversarialAuc } from "../../src/evaluate/audits/adversarial.js";
import { judgeOneFeature } from "../../src/evaluate/audits/one-feature.js";
import { permutePaths } from "../../src/evaluate/audits/permuted-labels.js";
import { type Dataset, labelRows } from "../../src/evaluate/dataset.js";
import { rocAuc } from "../../src/evaluate/metrics.js";
import { rocAucWithinCutoffs } from "../../src/evaluate/within-cutoffs.js";
import type { SnapshotTable } from "../../src/features/snapshot-table.js";
import { HORIZON } from "../../src/labels/label.js";
import { panel, quiet } from "./panel.js";

const { table, eventMs, cutoffs, data } = panel({ users: 200 });

/** The table with the values of one column made anew. */
function withColumn(column: number, valueAt: (row: number) => number): SnapshotTable {
  const values = table.x.data.slice();
  for (let row = 0; row < table.x.rows; row++) values[row * table.x.cols + column] = valueAt(row);
  return { ...table, x: { ...table.x, data: values } };
}

describe("permuted paths", () => {
  const times = permutePaths(table, eventMs, seededRng(1));

  test("every path is somebody's, whole; nobody is lost", () => {
    expect([...times].sort()).toEqual([...eventMs].sort());
    expect(times).not.toEqual(eventMs);
    const paths = (ms: Float64Array) => {
      const { y, user, cutoffMs } = labelRows(table, ms, HORIZON);
      const byUser = new Map<number, string>();
      y.forEach((label, row) => {
        byUser.set(user[row] ?? -1, `${byUser.get(user[row] ?? -1) ?? ""} ${cutoffMs[row]}:${label}`);
      });
      return [...byUser.values()].sort();
    };
    expect(paths(times)).toEqual(paths(eventMs));
  });

  test("users without a row neither give nor get one", () => {
    const shorter = { ...table, userIndex: table.userIndex.map((user) => Math.min(user, 99)) };
    const dealt = permutePaths(shorter, eventMs, seededRng(2));
    expect([...dealt.slice(100)].every(Number.isNaN)).toBe(true);
    expect([...dealt.slice(0, 100)].sort()).toEqual([...eventMs.slice(0, 100)].sort());
  });
});

describe("AUC within cutoffs", () => {
  test("by hand: 3 of 4 pairs at one cutoff, 1 of 1 at another, none at a third", () => {
    const y = Uint8Array.of(1, 1, 0, 0, 1, 0, 0);
    const p = Float64Array.of(0.9, 0.3, 0.5, 0.1, 0.2, 0.1, 1);
    const cutoffMs = Float64Array.of(1, 1, 1, 1, 2, 2, 3);
    expect(rocAucWithinCutoffs({ y, p, cutoffMs })).toBeCloseTo(4 / 5, 12);
    expect(rocAucWithinCutoffs({ y: y.map(() => 0), p, cutoffMs })).toBeNaN();
  });

  test("what is the same for all rows of a cutoff has no say; with one cutoff it is the AUC", () => {
    const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 9 }), fc.nat(2)), {
      minLength: 4,
    });
    fc.assert(
      fc.property(
        rows,
        fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 3, maxLength: 3 }),
        (found, shifts) => {
          const y = Uint8Array.from(found, ([label]) => label);
          const p = Float64Array.from(found, ([, score]) => score);
          const cutoffMs = Float64Array.from(found, ([, , cutoff]) => cutoff);
          const shifted = p.map((score, row) => score + (shifts[cutoffMs[row] ?? 0] ?? 0));
          expect(rocAucWithinCutoffs({ y, p: shifted, cutoffMs })).toEqual(rocAucWithinCutoffs({ y, p, cutoffMs }));
          const together = rocAucWithinCutoffs({ y, p, cutoffMs: cutoffMs.map(() => 1) });
          const auc = rocAuc({ y, p });
          if (Number.isFinite(auc)) expect(together).toBeCloseTo(auc, 12);
        },
      ),
    );
  });
});

describe("one feature", () => {
  const withNoise = (valueAt: (row: number) => number): Dataset => {
    const values = data.x.data.slice();
    for (let row = 0; row < data.y.length; row++) values[row * data.x.cols + 3] = valueAt(row);
    return { ...data, x: { ...data.x, data: values } };
  };

  test("an honest panel passes, and the feature that tells most is named", () => {
    expect(judgeOneFeature(data)).toMatchObject({ feature: "signal", features: 4, alarms: [], verdict: "passed" });
  });

  test.each([
    ["a copy of the label", (row: number) => data.y[row] ?? 0],
    ["its opposite", (row: number) => -(data.y[row] ?? 0)],
    ["a value that is missing where the user churns", (row: number) => (data.y[row] === 1 ? Number.NaN : row % 7)],
  ])("%s raises the alarm", (_, valueAt) => {
    const found = judgeOneFeature(withNoise(valueAt));
    expect(found).toMatchObject({ feature: "noise", verdict: "failed" });
    expect(found.alarms).toHaveLength(1);
  });

  test("below ten churned users nothing is said, nor of a feature that fewer of them have", () => {
    const few = new Set([...new Set(data.user.filter((_, row) => data.y[row] === 1))].slice(0, 9));
    const y = data.y.map((label, row) => (few.has(data.user[row] ?? -1) ? label : 0));
    expect(judgeOneFeature({ ...data, y })).toMatchObject({ alarms: [], verdict: "inconclusive" });
    // A value among 9 churned users and nearly nobody else: its presence alone would say something.
    const rare = withNoise((row) => (few.has(data.user[row] ?? -1) || row % 2 === 0 ? (data.y[row] ?? 0) : Number.NaN));
    expect(judgeOneFeature(rare).feature).not.toBeNull();
  });
});

describe("training rows against test rows", () => {
  const split = { train: cutoffs.slice(0, 12), test: cutoffs.slice(16, 20) };

  test("tenure tells them apart, behaviour does not where nothing drifts", () => {
    const found = adversarialAuc(table, split, quiet);
    expect(found).toMatchObject({ trainRows: 12 * 200, testRows: 4 * 200 });
    expect(found?.auc).toBeGreaterThan(0.99);
    expect(Math.abs((found?.behaviourAuc ?? 0) - 0.5)).toBeLessThan(0.08);
  });

  test("drift in behaviour shows, and is named", () => {
    const rng = seededRng(4);
    const later = (row: number) => (table.cutoffMs[row] ?? 0) >= (split.test[0] ?? 0);
    const found = adversarialAuc(
      withColumn(3, (row) => rng.normal() + (later(row) ? 1.5 : 0)),
      split,
      quiet,
    );
    expect(found?.behaviourAuc).toBeGreaterThan(0.8);
    expect(found?.strongest[0]?.feature).toBe("noise");
  });

  test("without rows on one side there is nothing to tell", () => {
    expect(adversarialAuc(table, { train: cutoffs, test: [] }, quiet)).toBeNull();
  });
});
