import { describe, expect, test } from "vitest";
import { matrix } from "../../src/base/matrix.js";
import { fittedOnce } from "../../src/evaluate/fitted-once.js";
import type { Fitted, Learner, Params } from "../../src/evaluate/learner.js";
import { worldOf } from "../models/trees/sample.js";

const rows = () => ({ x: matrix(2, 1), y: Uint8Array.of(0, 1), user: Int32Array.of(0, 1), users: 2 });

/** A learner that says what it was fitted with, and the settings of its fits. */
function counting(holds: boolean): { learner: Learner; fits: Params[] } {
  const fits: Params[] = [];
  const fitted = (state: Params): Fitted => ({
    state,
    predict: () => Float64Array.of(Number(state.trees)),
    ...(holds ? { upTo: (trees: number) => fitted({ ...state, trees }) } : {}),
  });
  const fit = (_: unknown, params: Params) => {
    fits.push(params);
    return fitted(params);
  };
  return { fits, learner: { name: "counting", grid: [], defaults: {}, size: "trees", fit } };
}

describe("a learner that fits once", () => {
  const ask = ({ learner }: { learner: Learner }, on: ReturnType<typeof rows>, asked: readonly Params[]) => {
    const frugal = fittedOnce(learner);
    return asked.map((params) => frugal.fit(on, params, worldOf(1)).state);
  };

  test("takes smaller sizes of a family from its largest fit", () => {
    const own = counting(true);
    const asked = [
      { depth: 2, trees: 300 },
      { depth: 2, trees: 100 },
      { depth: 2, trees: 300 },
      { depth: 3, trees: 100 },
      { depth: 3, trees: 200 },
    ];
    expect(ask(own, rows(), asked)).toEqual(asked);
    expect(own.fits).toEqual([asked[0], asked[3], asked[4]]);
  });

  test("fits anew where one fit does not hold the others, and on other rows", () => {
    const plain = counting(false);
    ask(plain, rows(), [{ trees: 3 }, { trees: 2 }, { trees: 2 }]);
    expect(plain.fits).toEqual([{ trees: 3 }, { trees: 2 }]);
    const own = counting(true);
    const frugal = fittedOnce(own.learner);
    for (let time = 0; time < 2; time++) frugal.fit(rows(), { trees: 3 }, worldOf(1));
    expect(own.fits).toHaveLength(2);
  });
});
