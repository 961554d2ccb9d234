import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRng } from "../../src/base/rng.js";
import { payingProbability } from "../../src/evaluate/decision-costs.js";
import { capacityThreshold, decisionsOf } from "../../src/evaluate/decisions.js";

const costs = { contactCost: 2, customerValue: 100, saveRate: 0.1 };

describe("whom it pays to contact", () => {
  test("from the probability at which cost and gain are equal", () => {
    expect(payingProbability(costs)).toBe(0.2);
    expect(0.2 * costs.saveRate * costs.customerValue).toBeCloseTo(costs.contactCost, 12);
  });

  test("no other threshold earns more, in expectation, of calibrated scores", () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 0.01, max: 0.9, noNaN: true }), (seed, other) => {
        const rng = seededRng(seed);
        const p = Float64Array.from({ length: 200 }, () => rng.uniform());
        const expected = (threshold: number) =>
          p.reduce(
            (sum, own) =>
              own >= threshold ? sum + own * costs.saveRate * costs.customerValue - costs.contactCost : sum,
            0,
          );
        expect(expected(payingProbability(costs))).toBeGreaterThanOrEqual(expected(other) - 1e-9);
      }),
    );
  });
});

describe("on rows", () => {
  const y = Uint8Array.of(1, 0, 1, 0, 0, 0, 0, 0, 0, 0);
  const p = Float64Array.of(0.9, 0.8, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01);
  const flagged = Uint8Array.from(p, (value) => (value >= 0.45 ? 1 : 0));
  const found = decisionsOf({ y, p, flagged }, { costs, contacts: 2, cutoffs: 1 });

  test("contacted, reached, right and earned", () => {
    // 3 contacts at 2, two of them churners of whom a tenth stays: 2 · 10 − 6 = 14, on 10 rows.
    expect(found.atThreshold).toEqual({
      contactedShare: 0.3,
      reachedShare: 1,
      precision: 2 / 3,
      profitPerThousand: 1400,
    });
    expect(found.byCost).toMatchObject({ threshold: 0.2, contactedShare: 0.6, reachedShare: 1 });
    expect(found.byCapacity).toMatchObject({
      contactedShare: 0.2,
      reachedShare: 0.5,
      precision: 0.5,
      profitPerThousand: 600,
    });
  });

  test("the curve goes from nobody, who costs nothing, to everybody", () => {
    expect(found.curve[0]).toEqual({ contactedShare: 0, reachedShare: 0, precision: null, profitPerThousand: 0 });
    expect(found.curve.at(-1)).toEqual({ contactedShare: 1, reachedShare: 1, precision: 0.2, profitPerThousand: 0 });
    const reached = found.curve.map(({ reachedShare }) => reachedShare);
    expect([...reached].sort((a, b) => a - b)).toEqual(reached);
  });

  test("without costs there is no money", () => {
    const bare = decisionsOf({ y, p, flagged }, { costs: null, contacts: null, cutoffs: 1 });
    expect(bare.byCost).toBeUndefined();
    expect(bare.byCapacity).toBeUndefined();
    expect(bare.curve.every(({ profitPerThousand }) => profitPerThousand === null)).toBe(true);
  });

  test("the threshold of a capacity lets as many through as can be contacted", () => {
    for (const contacts of [1, 3, 9]) {
      const { threshold } = capacityThreshold(p, contacts, 1);
      expect(p.filter((value) => value >= threshold)).toHaveLength(contacts);
    }
    expect(p.filter((value) => value >= capacityThreshold(p, 50, 1).threshold)).toHaveLength(10);
  });
});
