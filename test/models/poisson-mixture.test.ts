import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Matrix } from "../../src/base/matrix.js";
import { type Rng, seededRng } from "../../src/base/rng.js";
import { type Counts, fitPoissonMixture, kindProbabilities } from "../../src/models/poisson-mixture.js";

const RATES = [
  [0.08, 0.01],
  [0.16, 0.02],
  [0.08, 0.03],
];
const SHARES = [0.6, 0.25, 0.15];

/** Poisson by counting exponential gaps. */
function poisson(mean: number, rng: Rng): number {
  let count = 0;
  for (let at = rng.exponential(1); at < mean; at += rng.exponential(1)) count++;
  return count;
}

function drawn(users: number, { rates, shares }: { rates: number[][]; shares: number[] }, rng: Rng) {
  const kinds: number[] = [];
  const events: number[] = [];
  const exposures: number[] = [];
  for (let i = 0; i < users; i++) {
    const u = rng.uniform();
    const kind = shares.findIndex((_, k) => u < shares.slice(0, k + 1).reduce((a, b) => a + b, 0));
    const songs = 50 + Math.floor(rng.exponential(600));
    kinds.push(kind);
    for (const rate of rates[kind] ?? []) {
      events.push(poisson(rate * songs, rng));
      exposures.push(songs);
    }
  }
  const cols = rates[0]?.length ?? 0;
  const of = (data: number[]): Matrix => ({ rows: users, cols, data: Float64Array.from(data) });
  return { kinds, counts: { events: of(events), exposures: of(exposures) } };
}

describe("Poisson mixture", () => {
  it("finds how many kinds there are, their rates, and who is of which", () => {
    const { kinds, counts } = drawn(1200, { rates: RATES, shares: SHARES }, seededRng(5));
    const mixture = fitPoissonMixture(counts, seededRng(1));
    expect(mixture.shares).toHaveLength(3);
    mixture.shares.forEach((share, k) => {
      expect(Math.abs(share - (SHARES[k] ?? 0))).toBeLessThan(0.05);
      mixture.rates[k]?.forEach((rate, s) => {
        expect(Math.abs(Math.log(rate / (RATES[k]?.[s] ?? 0)))).toBeLessThan(0.1);
      });
    });
    const p = kindProbabilities(mixture, counts);
    const right = kinds.filter((kind, i) => (p.data[i * 3 + kind] ?? 0) > 0.5).length;
    expect(right / kinds.length).toBeGreaterThan(0.9);
  });

  it("finds one kind where there is one", () => {
    for (const seed of [1, 2, 3, 4]) {
      const { counts } = drawn(400, { rates: [[0.05, 0.01]], shares: [1] }, seededRng(seed));
      expect(fitPoissonMixture(counts, seededRng(1)).shares).toHaveLength(1);
    }
  });

  it("gives the same for the same seed, and stands things that never happen", () => {
    const { counts } = drawn(200, { rates: RATES, shares: SHARES }, seededRng(9));
    const rare: Counts = {
      ...counts,
      events: { ...counts.events, data: counts.events.data.map((n, i) => (i % 2 ? 0 : n)) },
    };
    const mixture = fitPoissonMixture(rare, seededRng(1));
    expect(fitPoissonMixture(rare, seededRng(1))).toEqual(mixture);
    expect(mixture.rates.flat().every((rate) => rate > 0 && Number.isFinite(rate))).toBe(true);
  });

  it("law: probabilities are Bayes' rule over Poisson counts, and the shares where nothing is known", () => {
    const mixture = { shares: SHARES, rates: RATES };
    const one = (data: number[]): Matrix => ({ rows: 1, cols: 2, data: Float64Array.from(data) });
    const count = fc.integer({ min: 0, max: 300 });
    fc.assert(
      fc.property(count, count, fc.integer({ min: 0, max: 5000 }), (a, b, songs) => {
        const p = kindProbabilities(mixture, { events: one([a, b]), exposures: one([songs, songs]) }).data;
        const odds = (k: number, l: number) =>
          Math.log((SHARES[k] ?? 0) / (SHARES[l] ?? 0)) +
          [a, b].reduce((sum, n, s) => {
            const [mine = 0, other = 0] = [RATES[k]?.[s], RATES[l]?.[s]];
            return sum + n * Math.log(mine / other) - songs * (mine - other);
          }, 0);
        expect(p.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
        for (const [k, l] of [
          [1, 0],
          [2, 0],
        ] as const) {
          const [mine = 0, other = 0] = [p[k], p[l]];
          if (mine > 1e-200 && other > 1e-200) expect(Math.log(mine / other)).toBeCloseTo(odds(k, l), 6);
        }
      }),
    );
    const nothing = one([0, 0]);
    const prior = kindProbabilities(mixture, { events: nothing, exposures: nothing }).data;
    SHARES.forEach((share, k) => {
      expect(prior[k]).toBeCloseTo(share, 12);
    });
  });
});
