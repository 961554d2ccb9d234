import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRng } from "../../../src/base/rng.js";
import { learnerOf } from "../../../src/evaluate/learner.js";
import { settingsOf } from "../../../src/evaluate/search/settings.js";
import type { Estimator } from "../../../src/models/estimator.js";
import { ESTIMATOR_NAMES, ESTIMATORS } from "../../../src/models/registered.js";

describe.each(ESTIMATOR_NAMES)("%s", (name) => {
  const estimator: Estimator<object, unknown> = ESTIMATORS[name];
  const learner = learnerOf(estimator);

  test("no search tries the defaults alone, a grid its settings after them", () => {
    expect(settingsOf(learner, "none", seededRng(1))).toEqual([learner.defaults]);
    expect(settingsOf(learner, "grid", seededRng(1))).toEqual([learner.defaults, ...learner.grid]);
  });

  test("drawn settings lie in the declared ranges and are the same for a seed", () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom("random" as const, "halving" as const), (seed, search) => {
        const drawn = settingsOf(learner, search, seededRng(seed));
        expect(settingsOf(learner, search, seededRng(seed))).toEqual(drawn);
        expect(drawn[0]).toEqual(learner.defaults);
        for (const params of drawn.slice(1)) {
          for (const [key, range] of Object.entries(learner.ranges ?? {})) {
            const value = params[key];
            if (range.kind === "choice") expect(range.values).toContainEqual(value);
            else {
              // A drawn number is rounded to four digits.
              expect(value).toBeGreaterThanOrEqual(range.low * (1 - 1e-3));
              expect(value).toBeLessThanOrEqual(range.high * (1 + 1e-3));
              if (range.whole === true) expect(Number.isInteger(value)).toBe(true);
            }
          }
        }
      }),
      { numRuns: 20 },
    );
  });
});

test("without ranges settings are drawn from the grid", () => {
  const learner = {
    name: "plain",
    grid: [{ a: 1 }, { a: 2 }],
    defaults: { a: 0 },
    fit: () => ({ state: 0, predict: () => new Float64Array() }),
  };
  const drawn = settingsOf(learner, "random", seededRng(3)).slice(1);
  expect(drawn.length).toBe(24);
  expect(new Set(drawn.map(({ a }) => a))).toEqual(new Set([1, 2]));
});
