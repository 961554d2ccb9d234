import fc from "fast-check";
import { expect, test } from "vitest";
import { isFeaturesBody, predictBodySchema } from "../../src/server/api.js";

const value = fc.oneof(
  fc.double(),
  fc.constant(null),
  fc.integer(),
  fc.string(),
  fc.constant(undefined),
  fc.array(fc.nat()),
);
const features = fc.oneof(
  fc.dictionary(
    fc.oneof({ weight: 40, arbitrary: fc.string() }, fc.constant("x".repeat(201))),
    fc.oneof({ weight: 40, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) }, value),
  ),
  value,
);

test("a body that passes without its schema is one that the schema leaves as it is", () => {
  let passed = 0;
  const bodies = fc.oneof(
    fc.record({ features }),
    fc.record({ features, user_id: fc.string() }, { requiredKeys: [] }),
    fc.anything(),
  );
  fc.assert(
    fc.property(bodies, (body) => {
      if (!isFeaturesBody(body)) return;
      passed++;
      expect(predictBodySchema.safeParse(body)).toEqual({ success: true, data: body });
    }),
    { numRuns: 2_000 },
  );
  expect(passed).toBeGreaterThan(30);
});

test("what the schema refuses does not pass", () => {
  for (const body of [{}, [], null, { features: [] }, { features: { a: "1" } }, { features: { a: Number.NaN } }])
    expect(isFeaturesBody(body)).toBe(false);
  expect(isFeaturesBody({ features: { a: 1, b: null } })).toBe(true);
});
