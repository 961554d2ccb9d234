import fc from "fast-check";
import { expect, test } from "vitest";
import { sortNumbers } from "../../src/base/math/sort-numbers.js";
import { seededRng } from "../../src/base/rng.js";

const value = fc.oneof(
  fc.double({ noNaN: true }),
  fc.integer(),
  fc.constantFrom(0, -0, Infinity, -Infinity, 5e-324, 1e308),
);

test("many numbers come in the order that comparing gives", () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 40 }), fc.integer(), (some, seed) => {
      const rng = seededRng(seed);
      const values = Float64Array.from({ length: 2_100 }, () => some[rng.below(some.length)] ?? 0);
      expect(sortNumbers(values.slice())).toEqual(values.slice().sort());
    }),
    { numRuns: 30 },
  );
  const rng = seededRng(1);
  const normals = Float64Array.from({ length: 5_000 }, () => rng.normal());
  expect(sortNumbers(normals.slice())).toEqual(normals.slice().sort());
  const part = new Float64Array(normals.buffer, 8, 3_001);
  expect(sortNumbers(part.slice())).toEqual(part.slice().sort());
});
