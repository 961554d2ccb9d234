import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { measure } from "../../src/evaluate/metrics.js";
import { bestThreshold } from "../../src/evaluate/thresholds.js";

describe("threshold of highest F1", () => {
  it("law: no other threshold does better, and the F1 it reports is the one it gives", () => {
    const rows = fc.array(fc.record({ y: fc.integer({ min: 0, max: 1 }), p: fc.integer({ min: 0, max: 30 }) }), {
      maxLength: 50,
    });
    fc.assert(
      fc.property(rows, (list) => {
        const y = Uint8Array.from([...list.map((row) => row.y), 0, 1]);
        const p = Float64Array.from([...list.map((row) => row.p / 30), 0.3, 0.6]);
        const { threshold, f1 } = bestThreshold(y, p);
        expect(measure("f1", { y, p, threshold })).toBeCloseTo(f1, 12);
        for (const other of p) expect(measure("f1", { y, p, threshold: other })).toBeLessThanOrEqual(f1 + 1e-12);
      }),
    );
  });

  it("lies halfway to the next score; of equals the highest wins", () => {
    expect(bestThreshold(Uint8Array.from([1, 1, 0]), Float64Array.from([0.8, 0.6, 0.4])).threshold).toBeCloseTo(
      0.5,
      12,
    );
    // Flagging one row (precision 1, recall ½) and four (½, 1) both give F1 ⅔.
    const tied = bestThreshold(Uint8Array.from([1, 0, 0, 1]), Float64Array.from([0.9, 0.7, 0.5, 0.3]));
    expect(tied.threshold).toBeCloseTo(0.8, 12);
    expect(tied.why).toContain("0.667");
  });

  it("flags everything with the lowest score itself", () => {
    expect(bestThreshold(Uint8Array.from([0, 1]), Float64Array.from([0.5, 0.5])).threshold).toBe(0.5);
  });
});
