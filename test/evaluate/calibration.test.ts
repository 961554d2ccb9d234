import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RefrainError } from "../../src/base/errors.js";
import { logit, sigmoid } from "../../src/base/math/sigmoid.js";
import { seededRng } from "../../src/base/rng.js";
import { applyCalibrator, applyPlatt, fitCalibrator, fitPlatt } from "../../src/evaluate/calibration.js";
import { applyIsotonic, fitIsotonic } from "../../src/evaluate/isotonic.js";
import { measure } from "../../src/evaluate/metrics.js";
import { needsShared, readShared } from "../shared.js";

interface Isotonic {
  readonly xThresholds: number[];
  readonly yThresholds: number[];
  readonly predictions: number[];
  readonly gridPredictions: number[];
}
interface Fixture {
  readonly input: {
    readonly score: number[];
    readonly y: number[];
    readonly weight: number[];
    readonly grid: number[];
  };
  readonly expected: {
    readonly platt: { readonly exact: { readonly a: number; readonly b: number }; readonly gridPredictions: number[] };
    readonly isotonic: { readonly unweighted: Isotonic; readonly weighted: Isotonic };
  };
}

const FILE = "reference/calibration.json";

describe.skipIf(needsShared(FILE))("calibration against scikit-learn", () => {
  const read = () => {
    const { input, expected } = readShared<Fixture>(FILE);
    const score = Float64Array.from(input.score);
    return {
      score,
      y: Uint8Array.from(input.y),
      weight: Float64Array.from(input.weight),
      grid: Float64Array.from(input.grid),
      expected,
    };
  };

  it("gives Platt's a and b to 1e-9", () => {
    const { score, y, grid, expected } = read();
    const fitted = fitPlatt(score, y);
    expect(Math.abs(fitted.a - expected.platt.exact.a)).toBeLessThan(1e-9);
    expect(Math.abs(fitted.b - expected.platt.exact.b)).toBeLessThan(1e-9);
    expect(worst(applyPlatt(fitted, grid), expected.platt.gridPredictions)).toBeLessThan(1e-6);
  });

  it.each(["unweighted", "weighted"] as const)("gives the isotonic line to 1e-12, %s", (kind) => {
    const { score, y, weight, grid, expected } = read();
    const wanted = expected.isotonic[kind];
    const line = fitIsotonic(score, y, kind === "weighted" ? weight : null);
    expect(line.x).toEqual(wanted.xThresholds);
    expect(worst(line.y, wanted.yThresholds)).toBeLessThan(1e-12);
    expect(worst(applyIsotonic(line, score), wanted.predictions)).toBeLessThan(1e-12);
    expect(worst(applyIsotonic(line, grid), wanted.gridPredictions)).toBeLessThan(1e-12);
  });
});

describe("calibrators", () => {
  it("undo a sharpened model", () => {
    const rng = seededRng("sharp");
    const truth = Float64Array.from({ length: 4000 }, () => 1 / (1 + Math.exp(1 - rng.normal())));
    const y = Uint8Array.from(truth, (p) => (rng.uniform() < p ? 1 : 0));
    const p = truth.map((v) => v ** 3 / (v ** 3 + (1 - v) ** 3));
    for (const kind of ["platt", "isotonic"] as const) {
      const fixed = applyCalibrator(fitCalibrator(p, y, kind), p);
      expect(measure("brier", { y, p: fixed })).toBeLessThan(measure("brier", { y, p }));
      expect(measure("calibrationSlope", { y, p: fixed })).toBeCloseTo(1, 1);
    }
    expect(applyCalibrator(fitCalibrator(p, y, "none"), p)).toEqual(p);
  });

  it("survive JSON, stay in [0, 1] and never reverse an order", () => {
    const rows = fc.array(
      fc.record({ y: fc.integer({ min: 0, max: 1 }), p: fc.double({ min: 0, max: 1, noNaN: true }) }),
      { minLength: 2 },
    );
    fc.assert(
      fc.property(rows, (list) => {
        const y = Uint8Array.from([...list.map((row) => row.y), 0, 1]);
        const p = Float64Array.from([...list.map((row) => row.p), 0.2, 0.7]);
        const calibrator = fitCalibrator(p, y, "isotonic");
        const out = applyCalibrator(JSON.parse(JSON.stringify(calibrator)), p);
        expect(out).toEqual(applyCalibrator(calibrator, p));
        const sorted = Array.from(p, (v, i) => [v, out[i] ?? Number.NaN] as const).sort((a, b) => a[0] - b[0]);
        sorted.forEach(([, v], i) => {
          expect(v).toBeGreaterThanOrEqual(sorted[i - 1]?.[1] ?? 0);
          expect(v).toBeLessThanOrEqual(1);
        });
      }),
    );
  });

  it("turn a constant score into the (smoothed) rate, and refuse one class", () => {
    const y = Uint8Array.from({ length: 100 }, (_, i) => (i % 4 === 0 ? 1 : 0));
    const p = new Float64Array(100).fill(0.6);
    expect(applyCalibrator(fitCalibrator(p, y, "isotonic"), p)[0]).toBe(0.25);
    expect(applyCalibrator(fitCalibrator(p, y, "platt"), p)[0]).toBeCloseTo(0.25, 1);
    for (const kind of ["platt", "isotonic"] as const) {
      expect(() => fitCalibrator(p, new Uint8Array(100), kind)).toThrow(RefrainError);
    }
  });
});

function worst(ours: ArrayLike<number>, theirs: readonly number[]): number {
  expect(ours.length).toBe(theirs.length);
  return Math.max(...theirs.map((value, i) => Math.abs((ours[i] ?? Number.NaN) - value)));
}

describe("a lean towards leaving scores as they are", () => {
  const rng = seededRng("lean");
  const truth = Float64Array.from({ length: 400 }, () => 0.02 + 0.5 * rng.uniform());
  const y = Uint8Array.from(truth, (p) => (rng.uniform() < p ? 1 : 0));
  // Too wild: log-odds doubled.
  const wild = truth.map((p) => sigmoid(2 * logit(p)));
  const slopeOf = (lean: number) => {
    const calibrator = fitCalibrator(wild, y, "platt", { lean });
    return calibrator.kind === "platt" ? -calibrator.a : Number.NaN;
  };

  it("moves the slope from the data's towards 1, the more the stronger it is", () => {
    const slopes = [0, 0.5, 2, 10, 1e6].map(slopeOf);
    expect(slopes[0]).toBeLessThan(0.8);
    expect(slopes).toEqual([...slopes].sort((a, b) => a - b));
    expect(slopes.at(-1)).toBeCloseTo(1, 3);
  });
});
