import { expect, it } from "vitest";
import { gaussLegendre } from "../../src/base/math/gauss-legendre.js";

it.each([1, 2, 3, 5, 8, 13, 32])("with %i points integrates polynomials of twice the degree", (count) => {
  const { points, weights } = gaussLegendre(count);
  expect(points.every((point) => point > 0 && point < 1)).toBe(true);
  expect(weights.every((weight) => weight > 0)).toBe(true);
  for (let degree = 0; degree < 2 * count; degree++) {
    const sum = points.reduce((total, point, i) => total + (weights[i] ?? 9) * point ** degree, 0);
    expect(sum).toBeCloseTo(1 / (degree + 1), 13);
  }
  // One degree more is too much.
  if (count < 8) {
    const sum = points.reduce((total, point, i) => total + (weights[i] ?? 9) * point ** (2 * count), 0);
    expect(Math.abs(sum - 1 / (2 * count + 1))).toBeGreaterThan(1e-11);
  }
});
