import { expect, it } from "vitest";
import { matrix } from "../../src/base/matrix.js";
import { seededRng } from "../../src/base/rng.js";
import { featureRanges, medianOf } from "../../src/evaluate/feature-ranges.js";
import { importanceOf } from "../../src/evaluate/importance.js";
import type { LogisticState } from "../../src/models/logistic.js";

const STATE: LogisticState = {
  kind: "logistic",
  inputs: 3,
  columns: [0, 1],
  mean: [0, 0],
  scale: [1, 1],
  coef: [2, -0.5],
  intercept: 0,
};

it("is the mean of |contribution| with an interval over users, and says the direction", () => {
  const rng = seededRng("importance");
  const rows = 600;
  const x = matrix(
    rows,
    3,
    Float64Array.from({ length: 3 * rows }, () => rng.normal()),
  );
  const user = Int32Array.from({ length: rows }, (_, i) => i % 100);
  const meanAbs = (j: number) =>
    Array.from({ length: rows }, (_, i) => Math.abs(x.data[3 * i + j] ?? 0)).reduce((a, b) => a + b) / rows;
  const found = importanceOf(STATE, { x, user }, {}, seededRng("draws"));
  expect(found.map(({ column, direction }) => [column, direction])).toEqual([
    [0, 1],
    [1, -1],
    [2, 0],
  ]);
  const [first, second, third] = found;
  expect(first?.value).toBeCloseTo(2 * meanAbs(0), 12);
  expect(second?.value).toBeCloseTo(0.5 * meanAbs(1), 12);
  expect(third).toMatchObject({ value: 0, low: 0, high: 0 });
  for (const { low, value, high } of [first, second].map((one) => one ?? { low: 9, value: 0, high: 0 })) {
    expect(low < value && value < high).toBe(true);
    // The mean of |normal| over 600 rows has a standard error of 2.5%.
    expect((high - low) / value).toBeGreaterThan(0.05);
    expect((high - low) / value).toBeLessThan(0.2);
  }
});

it("has a wide interval where one user makes the mean", () => {
  const x = matrix(
    20,
    3,
    Float64Array.from({ length: 60 }, (_, at) => (at === 0 ? 100 : 0)),
  );
  const user = Int32Array.from({ length: 20 }, (_, i) => i);
  const [{ value, low } = { value: 0, low: 9 }] = importanceOf(STATE, { x, user }, {}, seededRng("one"));
  expect(value).toBe(10);
  expect(low).toBe(0);
});

it("ranges are percentiles of what is present", () => {
  const x = matrix(
    101,
    2,
    Float64Array.from({ length: 202 }, (_, at) => (at % 2 ? Number.NaN : at / 2)),
  );
  const [first = [], second = [1]] = featureRanges(x);
  expect(first).toEqual([1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 99]);
  expect(second).toEqual([]);
  expect(medianOf(first)).toBe(50);
  expect(medianOf(second)).toBeNaN();
});
