import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { kaplanMeier } from "../../src/base/math/kaplan-meier.js";

/** Weeks of remission under 6-mercaptopurine, Freireich et al. (1963); a minus marks who was still in remission. */
const REMISSION = [6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35];

const estimateOf = (signed: readonly number[]) =>
  kaplanMeier(
    signed.map(Math.abs),
    signed.map((week) => (week > 0 ? 1 : 0)),
  );

describe("Kaplan–Meier", () => {
  it("meets the figures of the textbooks for the 6-MP trial", () => {
    const { time, atRisk, events, survival, se } = estimateOf(REMISSION);
    expect(time).toEqual([6, 7, 10, 13, 16, 22, 23]);
    expect(atRisk).toEqual([21, 17, 15, 12, 11, 7, 6]);
    expect(events).toEqual([3, 1, 1, 1, 1, 1, 1]);
    const rounded = (values: readonly number[]) => values.map((value) => Number(value.toFixed(4)));
    expect(rounded(survival)).toEqual([0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]);
    expect(rounded(se)).toEqual([0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346]);
  });

  it("by hand: five subjects, one of them censored between two events", () => {
    // S(1) = 4/5; the third of four at risk leaves at 2 unseen; S(3) = 4/5 × 2/3 = 8/15; S(4) = 8/15 × 1/2.
    const { survival, se, low, high } = kaplanMeier([3, 1, 2, 4, 5], [1, 1, 0, 1, 0]);
    expect(survival.map((value) => value * 15)).toEqual([12, 8, 4].map((value) => expect.closeTo(value, 12)));
    // Greenwood at 3: 1/(5·4) + 1/(3·2) = 13/60.
    expect(se[1]).toBeCloseTo((8 / 15) * Math.sqrt(13 / 60), 14);
    const half = (1.959963984540054 * Math.sqrt(13 / 60)) / -Math.log(8 / 15);
    expect(low[1]).toBeCloseTo((8 / 15) ** Math.exp(half), 14);
    expect(high[1]).toBeCloseTo((8 / 15) ** Math.exp(-half), 14);
  });

  const subjects = fc.array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.boolean()), { minLength: 1, maxLength: 60 });

  it("falls from at most 1 to no less than 0, inside its bounds, whatever the order of subjects", () => {
    fc.assert(
      fc.property(subjects, (list) => {
        const of = (some: typeof list) =>
          kaplanMeier(
            some.map(([time]) => time),
            some.map(([, event]) => Number(event)),
          );
        const { time, survival, low, high } = of(list);
        expect(of(list.toReversed())).toEqual(of(list));
        survival.forEach((value, i) => {
          expect(value).toBeLessThan(survival[i - 1] ?? 1);
          expect(time[i]).toBeGreaterThan(time[i - 1] ?? -1);
          expect(low[i]).toBeGreaterThanOrEqual(0);
          expect(low[i]).toBeLessThanOrEqual(value);
          expect(high[i]).toBeGreaterThanOrEqual(value);
          expect(high[i]).toBeLessThanOrEqual(1);
        });
      }),
    );
  });

  it("is the share of those still there, with a binomial's error, where nobody is censored", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 60 }), (times) => {
        const n = times.length;
        const { time, survival, se } = kaplanMeier(times, new Uint8Array(n).fill(1));
        time.forEach((at, i) => {
          const share = times.filter((one) => one > at).length / n;
          expect(survival[i]).toBeCloseTo(share, 12);
          expect(se[i]).toBeCloseTo(Math.sqrt((share * (1 - share)) / n), 12);
        });
      }),
    );
  });
});
