import { describe, expect, it } from "vitest";
import { seededRng } from "../../src/base/rng.js";
import { comparePaired } from "../../src/evaluate/comparison.js";
import { averagePrecision, rocAuc } from "../../src/evaluate/metrics.js";

/** Users with a risk of their own, seen at several cutoffs; scores are the risk with noise. */
function rows(noise: { candidate: number; champion: number }) {
  const rng = seededRng(5);
  const [users, cutoffs] = [300, 4];
  const n = users * cutoffs;
  const risk = Float64Array.from({ length: users }, () => 0.02 + 0.3 * rng.uniform() ** 3);
  const user = Int32Array.from({ length: n }, (_, i) => i % users);
  const hard = Float64Array.from({ length: n }, () => rng.normal());
  const scored = (sd: number) =>
    Float64Array.from(user, (u, i) => (risk[u] ?? 0) + 0.1 * (hard[i] ?? 0) + sd * rng.normal());
  return {
    y: Uint8Array.from(user, (u) => (rng.uniform() < (risk[u] ?? 0) ? 1 : 0)),
    user,
    cutoffMs: Float64Array.from({ length: n }, (_, i) => Math.floor(i / users)),
    candidate: scored(noise.candidate),
    champion: scored(noise.champion),
  };
}

describe("a paired comparison", () => {
  it("of a model with itself finds no difference, however uncertain the model is", () => {
    const given = rows({ candidate: 0.05, champion: 0.05 });
    const { difference, atLeast90, candidate } = comparePaired({ ...given, champion: given.candidate }, seededRng(1));
    expect([difference.value, difference.low, difference.high, atLeast90]).toEqual([0, 0, 0, 0]);
    expect(candidate.averagePrecision.high - candidate.averagePrecision.low).toBeGreaterThan(0.02);
  });

  it("tells figures as they are of the rows, and is surer of the difference than of each", () => {
    const given = rows({ candidate: 0.01, champion: 0.01 });
    const found = comparePaired(given, seededRng(1));
    const of = (p: Float64Array) => averagePrecision({ y: given.y, p });
    expect(found.difference.value).toBeCloseTo(of(given.candidate) - of(given.champion), 12);
    expect(found.champion.rocAuc.value).toBeCloseTo(rocAuc({ y: given.y, p: given.champion }), 12);
    const width = ({ low, high }: { low: number; high: number }) => high - low;
    expect(width(found.difference)).toBeLessThan(width(found.champion.averagePrecision) / 2);
    expect(found.difference.low).toBeLessThan(found.atLeast90);
    expect(found).toMatchObject({ rows: 1200, users: 300, positives: given.y.reduce((sum, y) => sum + y, 0) });
  });

  it("sees which of two is blind, either way round", () => {
    const worse = comparePaired(rows({ candidate: 10, champion: 0.01 }), seededRng(1));
    const better = comparePaired(rows({ candidate: 0.01, champion: 10 }), seededRng(1));
    expect(worse.difference.high).toBeLessThan(0);
    expect(better.atLeast90).toBeGreaterThan(0);
    expect(better.candidate.liftAt10.low).toBeGreaterThan(1);
    expect(better.champion.liftAt10.low).toBeLessThan(1);
  });
});
