import { describe, expect, it } from "vitest";
import { sampleRatioTest } from "../../../src/evaluate/experiment/sample-ratio.js";
import { twoProportionTest } from "../../../src/evaluate/experiment/two-proportions.js";
import { upliftCurves } from "../../../src/evaluate/experiment/uplift.js";
import { clopperPearson, wilson, wilsonContinuity } from "../../../src/evaluate/proportion-intervals.js";
import { needsShared, readShared } from "../../shared.js";

const FILE = "reference/statistics.json";

interface Reference {
  readonly expected: {
    readonly twoProportionZ: readonly {
      readonly successes: [number, number];
      readonly n: [number, number];
      readonly expected: { readonly z: number; readonly pTwoSided: number; readonly pLarger: number };
    }[];
    readonly srm: readonly {
      readonly observed: number[];
      readonly ratio: number[];
      readonly expected: { readonly chi2: number; readonly p: number };
    }[];
    readonly intervals: readonly {
      readonly k: number;
      readonly n: number;
      readonly level: number;
      readonly expected: Readonly<Record<"clopperPearson" | "wilson" | "wilsonContinuity", [number, number]>>;
    }[];
    readonly uplift: readonly {
      readonly name: string;
      readonly y: number[];
      readonly treated: number[];
      readonly score: number[];
      readonly expected: Readonly<Record<string, number | number[]>>;
    }[];
  };
}

const near = (actual: number, expected: number, within: number) =>
  expect(Math.abs(actual - expected), `${actual} for ${expected}`).toBeLessThanOrEqual(
    within * Math.max(1, Math.abs(expected)),
  );

describe.skipIf(needsShared(FILE))("experiment statistics against SciPy and statsmodels", () => {
  const expected = needsShared(FILE) ? null : readShared<Reference>(FILE).expected;

  it("two proportions", () => {
    for (const { successes, n, expected: found } of expected?.twoProportionZ ?? []) {
      const { z, pTwoSided, pLarger } = twoProportionTest(
        { successes: successes[0], n: n[0] },
        { successes: successes[1], n: n[1] },
      );
      near(z, found.z, 1e-12);
      near(pTwoSided / found.pTwoSided, 1, 1e-9);
      near(pLarger / found.pLarger, 1, 1e-9);
    }
    expect(twoProportionTest({ successes: 0, n: 5 }, { successes: 0, n: 9 }).pTwoSided).toBe(1);
  });

  it("sample ratio", () => {
    for (const { observed, ratio, expected: found } of expected?.srm ?? []) {
      const { chi2, p } = sampleRatioTest(observed, ratio);
      near(chi2, found.chi2, 1e-12);
      near(p / found.p, 1, 1e-9);
    }
  });

  it("intervals of a share", () => {
    for (const { expected: found, ...observed } of expected?.intervals ?? []) {
      const pairs = [
        [clopperPearson(observed), found.clopperPearson, 1e-9],
        [wilson(observed), found.wilson, 1e-12],
        [wilsonContinuity(observed), found.wilsonContinuity, 1e-12],
      ] as const;
      for (const [{ low, high }, [l, h], within] of pairs) {
        near(low, l, within);
        near(high, h, within);
      }
    }
  });

  for (const { name, expected: found, ...rows } of expected?.uplift ?? []) {
    it(`uplift curves: ${name}`, () => {
      for (const [key, value] of Object.entries(upliftCurves(rows))) {
        const [actual, wanted] = [[value].flat(), [found[key] ?? Number.NaN].flat()];
        expect(actual).toHaveLength(wanted.length);
        actual.forEach((one, i) => {
          near(one, wanted[i] ?? Number.NaN, 1e-12);
        });
      }
    });
  }
});
