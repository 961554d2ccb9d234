import { describe, expect, it } from "vitest";
import { matrix } from "../../src/base/matrix.js";
import { fitScaler, standardise } from "../../src/models/scaler.js";
import { needsShared, readShared } from "../shared.js";
import { MEDIUM_FILE, readMedium } from "./medium.js";

interface Fixture {
  readonly expected: { readonly mean: number[]; readonly scale: number[]; readonly firstRowTransformed: number[] };
}

describe.skipIf(needsShared(MEDIUM_FILE))("scaler against scikit-learn", () => {
  it("gives the reference means, scales and first row to 1e-12", () => {
    const { expected } = readShared<Fixture>("reference/scaler.json");
    const { x } = readMedium();
    const state = fitScaler(x, null);
    const first = standardise(state, x).data.subarray(0, x.cols);
    expect(worstRelative(state.mean, expected.mean)).toBeLessThan(1e-12);
    expect(worstRelative(state.scale, expected.scale)).toBeLessThan(1e-12);
    expect(worstRelative(first, expected.firstRowTransformed)).toBeLessThan(1e-12);
  });
});

describe("scaler", () => {
  const { NaN: none } = Number;
  it("gives a constant column scale 1 and exact zeros, and an empty one mean 0", () => {
    const x = matrix(3, 2, Float64Array.from([0.1, none, 0.1, none, 0.1, none]));
    const state = fitScaler(x, Float64Array.from([0.3, 0.7, 0.11]));
    expect(state).toEqual({ mean: [0.1, 0], scale: [1, 1] });
    expect(Array.from(standardise(state, x).data)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it("learns from present values and puts missing ones at the mean", () => {
    const x = matrix(3, 1, Float64Array.from([1, none, 3]));
    expect(fitScaler(x, null)).toEqual({ mean: [2], scale: [1] });
    expect(Array.from(standardise(fitScaler(x, null), x).data)).toEqual([-1, 0, 1]);
  });

  it("takes weights as repetition, and no weight as absence", () => {
    const x = matrix(3, 1, Float64Array.from([1, 4, 1000]));
    const repeated = matrix(4, 1, Float64Array.from([1, 4, 4, 4]));
    expect(fitScaler(x, Float64Array.from([1, 3, 0]))).toEqual(fitScaler(repeated, null));
  });
});

function worstRelative(ours: ArrayLike<number>, theirs: readonly number[]): number {
  return Math.max(
    ...theirs.map((value, i) => Math.abs((ours[i] ?? Number.NaN) - value) / Math.max(Math.abs(value), 1e-300)),
  );
}
