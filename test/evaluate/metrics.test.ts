import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRng } from "../../src/base/rng.js";
import { eceExpected } from "../../src/evaluate/calibration-error.js";
import { confusion } from "../../src/evaluate/confusion.js";
import { prCurve, rocCurve } from "../../src/evaluate/curves.js";
import { MEASURED_NAMES, METRICS, type MeasuredName, measure, metricsOf, rocAuc } from "../../src/evaluate/metrics.js";
import type { Scored } from "../../src/evaluate/scored.js";
import { METRIC_NAMES } from "../../src/schema/documents.js";
import { needsShared, readShared } from "../shared.js";

interface AtThreshold {
  readonly [name: string]: number;
  readonly f1: number;
  readonly precision: number;
  readonly recall: number;
}
interface Case {
  readonly name: string;
  readonly y: number[];
  readonly p: number[];
  readonly weight: number[] | null;
  readonly expected: {
    readonly [name: string]: number | Record<string, AtThreshold>;
    readonly prCurvePoints: number;
    readonly rocCurvePoints: number;
    readonly atThreshold: Record<string, AtThreshold>;
  };
}

const FILE = "reference/metrics.json";

describe.skipIf(needsShared(FILE))("metrics against scikit-learn", () => {
  it("agrees on all five cases", () => {
    for (const { name, weight, expected, ...given } of readShared<{ expected: { cases: Case[] } }>(FILE).expected
      .cases) {
      const scored: Scored = {
        y: Uint8Array.from(given.y),
        p: Float64Array.from(given.p),
        weight: weight === null ? null : Float64Array.from(weight),
      };
      const close = (ours: number, theirs: unknown, what: string) => {
        expect(Math.abs(ours - Number(theirs)), `${name}: ${what}`).toBeLessThan(weight === null ? 1e-12 : 1e-9);
      };
      for (const metric of ["rocAuc", "averagePrecision", "logLoss", "brier"] as const) {
        close(measure(metric, scored), expected[metric], metric);
      }
      close(measure("ece", scored), expected.ece10, "ece10");
      close(measure("liftAt10", scored), expected.lift10, "lift10");
      expect(prCurve(scored).length, name).toBe(expected.prCurvePoints);
      expect(rocCurve(scored).length, name).toBe(expected.rocCurvePoints);
      for (const [threshold, table] of Object.entries(expected.atThreshold)) {
        const cut = { ...scored, threshold: Number(threshold) };
        for (const [cell, value] of Object.entries(confusion(cut)))
          close(value, table[cell], `${cell} at ${threshold}`);
        for (const metric of ["f1", "precision", "recall"] as const) close(measure(metric, cut), table[metric], metric);
      }
    }
  });
});

const rows = fc.array(
  fc.record({
    y: fc.integer({ min: 0, max: 1 }),
    p: fc.integer({ min: 0, max: 20 }),
    times: fc.integer({ min: 0, max: 3 }),
  }),
  { minLength: 2, maxLength: 60 },
);
const scoredOf = (list: readonly { y: number; p: number }[]): Scored => ({
  y: Uint8Array.from(list, (row) => row.y),
  p: Float64Array.from(list, (row) => row.p / 20),
});

describe("metrics", () => {
  it("covers every name of the document but the simulated one", () => {
    expect([...MEASURED_NAMES, "eceExpected"].sort()).toEqual([...METRIC_NAMES].sort());
  });

  it("law: AUC is unchanged by rank-preserving maps", () => {
    fc.assert(
      fc.property(rows, (list) => {
        const scored = scoredOf(list);
        const mapped = { ...scored, p: scored.p.map((p) => 1 / (1 + Math.exp(3 - 5 * p ** 3))) };
        expect(rocAuc(mapped)).toEqual(rocAuc(scored));
      }),
    );
  });

  it("law: drawing a row n times is having it n times", () => {
    fc.assert(
      fc.property(rows, fc.constantFrom(...MEASURED_NAMES), (list, name: MeasuredName) => {
        const counts = Float64Array.from(list, (row) => row.times);
        const repeated = scoredOf(list.flatMap((row) => Array<typeof row>(row.times).fill(row)));
        const counted = METRICS[name].prepare(scoredOf(list))(counts);
        const plain = measure(name, repeated);
        if (Number.isNaN(plain)) expect(counted).toBeNaN();
        else expect(Math.abs(counted - plain)).toBeLessThan(1e-6 * (1 + Math.abs(plain)));
      }),
      { numRuns: 500 },
    );
  });

  it("is null, not NaN, where a metric is undefined", () => {
    const kept: Scored = { y: new Uint8Array(20), p: Float64Array.from({ length: 20 }, (_, i) => i / 40) };
    const metrics = metricsOf(kept, seededRng(1));
    expect(metrics).toMatchObject({ rocAuc: null, averagePrecision: null, brierSkill: null, liftAt10: null });
    expect(metrics.calibrationSlope).toBeNull();
    expect(metrics.brier).toBeGreaterThan(0);
  });

  it("averages lift over cutoffs with a churned row, each with equal weight", () => {
    const y = Uint8Array.from([1, ...Array(9).fill(0), ...Array(10).fill(0), 0, 1, ...Array(8).fill(0)]);
    const p = Float64Array.from({ length: 30 }, (_, i) => 1 - (i % 10) / 10);
    const group = Int32Array.from({ length: 30 }, (_, i) => Math.floor(i / 10));
    // Cutoff 0 finds its one churner (lift 10), cutoff 1 has none and is left out, cutoff 2 misses (lift 0).
    expect(measure("liftAt10", { y, p, group })).toBeCloseTo(5, 12);
  });

  it("finds slope 1 and an unremarkable calibration error in a calibrated world, and not in a sharpened one", () => {
    const rng = seededRng("calibrated");
    const p = Float64Array.from({ length: 20_000 }, () => 1 / (1 + Math.exp(2 - 1.2 * rng.normal())));
    const y = Uint8Array.from(p, (value) => (rng.uniform() < value ? 1 : 0));
    expect(measure("calibrationSlope", { y, p })).toBeCloseTo(1, 1);
    expect(measure("ece", { y, p })).toBeLessThan(eceExpected({ y, p }, seededRng(1)));
    const sharp = p.map((value) => value ** 2 / (value ** 2 + (1 - value) ** 2));
    expect(measure("calibrationSlope", { y, p: sharp })).toBeCloseTo(0.5, 1);
    expect(measure("ece", { y, p: sharp })).toBeGreaterThan(eceExpected({ y, p: sharp }, seededRng(1)));
  });
});
