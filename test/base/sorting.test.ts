import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { firstAbove, orderAscending, orderDescending, sortedQuantile } from "../../src/base/math/sorting.js";

it("orders are stable and quantiles interpolate", () => {
  expect(Array.from(orderAscending([2, 1, 2, 1]))).toEqual([1, 3, 0, 2]);
  expect(Array.from(orderDescending([2, 1, 2, 1]))).toEqual([0, 2, 1, 3]);
  expect(sortedQuantile([1, 2, 4], 0.75)).toBe(3);
  expect(sortedQuantile([], 0.5)).toBeNaN();
});

describe("the first value above another", () => {
  it("is behind all equal ones, and behind the last where there is none", () => {
    const values = [1, 3, 3, 3, 7];
    expect([0, 1, 2, 3, 6.5, 7, 8].map((value) => firstAbove(values, value))).toEqual([0, 1, 1, 4, 4, 5, 5]);
    expect(firstAbove([], 1)).toBe(0);
    expect(firstAbove(values, Number.NEGATIVE_INFINITY)).toBe(0);
    expect(firstAbove(values, Number.POSITIVE_INFINITY)).toBe(5);
    expect(firstAbove(values, Number.NaN)).toBe(0);
  });

  it("is the one that a linear search finds", () => {
    const number = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true }));
    const property = fc.property(fc.array(number), number, (list, value) => {
      const ascending = Float64Array.from(list).sort();
      const found = ascending.findIndex((one) => one > value);
      expect(firstAbove(ascending, value)).toBe(found < 0 ? ascending.length : found);
    });
    fc.assert(property, { numRuns: 1000 });
  });
});
