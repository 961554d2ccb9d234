import { describe, expect, it } from "vitest";
import { seededRng } from "../../src/base/rng.js";
import { bootstrapIntervals, type ScoredUsers } from "../../src/evaluate/intervals.js";
import { MEASURED_NAMES, measure } from "../../src/evaluate/metrics.js";

function sample(users: number, rowsEach: number): ScoredUsers {
  const rng = seededRng("intervals");
  const n = users * rowsEach;
  const trait = Float64Array.from({ length: users }, () => rng.normal());
  const user = Int32Array.from({ length: n }, (_, i) => 1000 + (i % users));
  const p = Float64Array.from(user, (u) => 1 / (1 + Math.exp(2 - (trait[u - 1000] ?? 0) - 0.3 * rng.normal())));
  const y = Uint8Array.from(p, (value) => (rng.uniform() < value ? 1 : 0));
  return { y, p, user, threshold: 0.2, group: Int32Array.from(user, (_, i) => Math.floor(i / users)) };
}

describe("bootstrap over users", () => {
  it("holds the value of every metric, and repeats itself from the same seed", () => {
    const scored = sample(200, 4);
    const run = () => bootstrapIntervals(scored, { resamples: 200 }, seededRng(3));
    const { intervals, used } = run();
    expect(used).toBe(200);
    for (const name of MEASURED_NAMES) {
      const { low = Number.NaN, high = Number.NaN } = intervals[name] ?? {};
      expect(low).toBeLessThan(high);
      // Resampling adds calibration error of its own, so its interval lies above the value.
      if (name === "ece") continue;
      expect(measure(name, scored), name).toBeGreaterThan(low);
      expect(measure(name, scored), name).toBeLessThan(high);
    }
    expect(run()).toEqual({ intervals, used });
  });

  it("is wider when a user's rows are one piece of evidence than when each row is a user", () => {
    const rng = seededRng("copies");
    const base = sample(150, 1);
    const copies = 8;
    const times = <T>(values: ArrayLike<T>) => Array.from(values).flatMap((v) => Array<T>(copies).fill(v));
    const rows = { y: Uint8Array.from(times(base.y)), p: Float64Array.from(times(base.p)) };
    const width = (user: Int32Array) => {
      const { rocAuc } = bootstrapIntervals({ ...rows, user }, { resamples: 300, metrics: ["rocAuc"] }, rng).intervals;
      return (rocAuc?.high ?? 0) - (rocAuc?.low ?? 0);
    };
    const together = width(Int32Array.from(times(base.user)));
    const apart = width(Int32Array.from(rows.y, (_, i) => i));
    // √8 ≈ 2.8 times as wide.
    expect(together / apart).toBeGreaterThan(2);
    expect(together / apart).toBeLessThan(4);
  });

  it("leaves out resamples with one class", () => {
    const y = Uint8Array.from([1, 0, 0]);
    const p = Float64Array.from([0.9, 0.4, 0.5]);
    const { used } = bootstrapIntervals({ y, p, user: Int32Array.from([0, 1, 2]) }, { resamples: 300 }, seededRng(1));
    // Both classes: 1 − (2/3)³ − (1/3)³ = 2/3.
    expect(used / 300).toBeCloseTo(2 / 3, 1);
  });

  it("covers the truth about as often as it says", () => {
    const rng = seededRng("coverage");
    const trials = 150;
    let held = 0;
    for (let t = 0; t < trials; t++) {
      const y = Uint8Array.from({ length: 120 }, (_, i) => i % 2);
      const p = Float64Array.from(y, (label) => 1 / (1 + Math.exp(-(label + rng.normal()))));
      const user = Int32Array.from(y, (_, i) => i);
      const { rocAuc } = bootstrapIntervals({ y, p, user }, { resamples: 200, metrics: ["rocAuc"] }, rng).intervals;
      // Two unit normals one apart: Φ(1 / √2).
      if (rocAuc !== undefined && rocAuc.low < 0.7602499 && rocAuc.high > 0.7602499) held++;
    }
    expect(held / trials).toBeGreaterThan(0.88);
  });
});
