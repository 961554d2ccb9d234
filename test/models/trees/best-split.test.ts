import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matrix } from "../../../src/base/matrix.js";
import { boosting } from "../../../src/models/boosting.js";
import type { Tree } from "../../../src/models/trees/tree.js";
import { xgboost } from "../../../src/models/xgboost.js";
import { worldOf } from "./sample.js";

interface Row {
  readonly values: readonly number[];
  readonly y: number;
}

const rows = fc
  .array(
    fc.record({
      values: fc.tuple(...[0, 1, 2].map(() => fc.constantFrom(0, 1, 2, 3, Number.NaN))),
      y: fc.constantFrom(0, 1),
    }),
    { minLength: 4, maxLength: 25 },
  )
  .filter((all) => all.some((row) => row.y === 1) && all.some((row) => row.y === 0));

function matrixOf(all: readonly Row[]) {
  return {
    x: matrix(all.length, 3, Float64Array.from(all.flatMap((row) => row.values))),
    y: Uint8Array.from(all, (row) => row.y),
  };
}

/** The greatest gain of any split of all rows by any column, cut and side for the missing; 0 when there is none. */
function greatest(all: readonly Row[], gainOf: (left: readonly Row[], right: readonly Row[]) => number): number {
  let most = 0;
  for (const column of [0, 1, 2]) {
    for (const cut of [-1, 0.5, 1.5, 2.5]) {
      for (const missingLeft of [true, false]) {
        const goesLeft = ({ values }: Row) => {
          const value = values[column] ?? Number.NaN;
          return Number.isNaN(value) ? missingLeft : value < cut;
        };
        most = Math.max(
          most,
          gainOf(
            all.filter(goesLeft),
            all.filter((row) => !goesLeft(row)),
          ),
        );
      }
    }
  }
  return most;
}

function gainOfRoot(tree: Tree | undefined): number {
  return tree?.gain[0] ?? Number.NaN;
}

describe("the best split of a node", () => {
  it("gains what the best of all splits gains by XGBoost's objective", () => {
    fc.assert(
      fc.property(
        rows,
        fc.constantFrom(0, 1, 3),
        fc.constantFrom(0, 0.4),
        fc.constantFrom(0, 0.5, 1.3),
        (all, lambda, alpha, minChildWeight) => {
          const { x, y } = matrixOf(all);
          const settings = { rounds: 1, maxDepth: 1, lambda, alpha, minChildWeight, baseScore: 0.3 };
          const state = xgboost.fit(x, y, null, { ...xgboost.defaults, ...settings }, worldOf(1));
          const score = (part: readonly Row[]) => {
            const g = part.reduce((sum, row) => sum + 0.3 - row.y, 0);
            return Math.max(Math.abs(g) - alpha, 0) ** 2 / (part.length * 0.21 + lambda);
          };
          const expected = greatest(all, (left, right) => {
            if (Math.min(left.length, right.length) * 0.21 < Math.max(minChildWeight, 1e-9)) return 0;
            return score(left) + score(right) - score(all);
          });
          expect(Math.abs(gainOfRoot(state.trees[0]) - expected)).toBeLessThan(2e-5);
        },
      ),
    );
  });

  it("gains what the best of all splits gains by the variance of residuals", () => {
    fc.assert(
      fc.property(rows, fc.constantFrom(1, 2, 4), (all, minSamplesLeaf) => {
        const { x, y } = matrixOf(all);
        const settings = { trees: 1, maxDepth: 1, minSamplesLeaf };
        const state = boosting.fit(x, y, null, { ...boosting.defaults, ...settings }, worldOf(1));
        const base = all.reduce((sum, row) => sum + row.y / all.length, 0);
        const spread = (part: readonly Row[]) => {
          const mean = part.reduce((sum, row) => sum + (row.y - base) / part.length, 0);
          return part.reduce((sum, row) => sum + (row.y - base - mean) ** 2, 0);
        };
        const expected = greatest(all, (left, right) => {
          if (Math.min(left.length, right.length) < minSamplesLeaf) return 0;
          return spread(all) - spread(left) - spread(right);
        });
        expect(Math.abs(gainOfRoot(state.trees[0]) - expected)).toBeLessThan(1e-5);
      }),
    );
  });
});
