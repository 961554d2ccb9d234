import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { firstAbove } from "../../src/base/math/sorting.js";
import { seededRng } from "../../src/base/rng.js";
import { ksTest } from "../../src/monitor/drift/ks.js";
import { QuantileSketch, RANK_ERROR } from "../../src/monitor/drift/quantile-sketch.js";
import { sampleOf } from "../../src/monitor/drift/sample.js";

function sketchOf(values: ArrayLike<number>, seed: string | number = 1): QuantileSketch {
  const sketch = new QuantileSketch(seededRng(seed));
  for (const value of Array.from(values)) sketch.add(value);
  return sketch;
}

/** The largest error of a rank, at values of all ranks. */
function worst(sketch: QuantileSketch, values: Float64Array): number {
  const sorted = values.slice().sort();
  let largest = 0;
  for (let k = 0; k < sorted.length; k += Math.ceil(sorted.length / 200)) {
    const value = sorted[k] ?? 0;
    const rank = firstAbove(sorted, value) / sorted.length;
    largest = Math.max(largest, Math.abs(sketch.rank(value) - rank));
  }
  return largest;
}

const draws = (seed: string, count: number) => {
  const rng = seededRng(seed);
  return Float64Array.from({ length: count }, () => Math.round(1000 * Math.exp(rng.normal())) / 1000);
};

describe("a quantile sketch", () => {
  it("holds few of many values, and tells their ranks within its bound", () => {
    for (const seed of ["a", "b", "c"]) {
      const values = draws(seed, 60_000);
      const sketch = sketchOf(values, seed);
      expect(sketch.held).toBeLessThan(3_100);
      // At 200 ranks at once the worst is somewhat beyond what one keeps with 99% confidence.
      expect(worst(sketch, values)).toBeLessThan(2 * RANK_ERROR);
    }
  });

  it("is exact where it holds everything", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 200 }),
        (values) => {
          const sample = sketchOf(values).toSample(1_000);
          expect(Array.from(sample.sorted)).toEqual(Array.from(Float64Array.from(values).sort()));
        },
      ),
    );
  });

  it("THE LAW OF MERGING: sketches of parts, however grouped, say of the whole what one sketch says, within the bound", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 6_000 }), { minLength: 2, maxLength: 6 }),
        fc.array(fc.nat(), { minLength: 5, maxLength: 5 }),
        (sizes, choices) => {
          const parts = sizes.map((size, k) => draws(`part ${k}`, size));
          const whole = Float64Array.from(parts.flatMap((part) => [...part]));
          const sketches = parts.map((part, k) => sketchOf(part, k));
          // Any two of those that are left, again and again.
          for (let k = 0; sketches.length > 1; k++) {
            const [other] = sketches.splice((choices[k] ?? 0) % sketches.length, 1);
            const into = sketches[(choices[k] ?? 0) % sketches.length];
            if (other !== undefined) into?.merge(other);
          }
          const [merged] = sketches;
          expect(merged?.size).toBe(whole.length);
          if (whole.length === 0) return;
          expect(worst(merged as QuantileSketch, whole)).toBeLessThan(2.5 * RANK_ERROR + 1 / whole.length);
          const { sorted } = (merged as QuantileSketch).toSample(500);
          expect(sorted[0]).toBe(Math.min(...whole));
          if (whole.length > 1) expect(sorted.at(-1)).toBe(Math.max(...whole));
        },
      ),
      { numRuns: 15 },
    );
  });

  it("gives the distance of two windows to within both errors, missing values in proportion", () => {
    const [a, b] = [draws("x", 40_000), draws("y", 30_000).map((value) => 1.15 * value)];
    const exact = ksTest(sampleOf(a), sampleOf(b)).statistic;
    const sketched = ksTest(sketchOf(a).toSample(4_000), sketchOf(b).toSample(4_000)).statistic;
    expect(Math.abs(sketched - exact)).toBeLessThan(4 * RANK_ERROR);
    const holed = sketchOf([...draws("z", 9_000), ...new Float64Array(1_000).fill(Number.NaN)]);
    const { sorted, missing } = holed.toSample(900);
    expect([holed.size, holed.missing, sorted.length, missing]).toEqual([9_000, 1_000, 900, 100]);
    expect(new QuantileSketch(seededRng(1)).toSample(10)).toEqual({ sorted: new Float64Array(), missing: 0 });
  });
});
