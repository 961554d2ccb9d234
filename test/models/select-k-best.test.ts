import { describe, expect, it } from "vitest";
import { matrix } from "../../src/base/matrix.js";
import { fScores, selectKBest } from "../../src/models/select-k-best.js";
import { needsShared, readShared } from "../shared.js";
import { MEDIUM_FILE, readMedium } from "./medium.js";

interface Fixture {
  readonly expected: { readonly F: number[]; readonly p: number[]; readonly top25ByIndex: number[] };
}

describe.skipIf(needsShared(MEDIUM_FILE))("select-k-best against scikit-learn", () => {
  it("gives the reference F to 1e-9, p to 1e-8 and the same 25 columns", () => {
    const { expected } = readShared<Fixture>("reference/select-k-best.json");
    const { x, y } = readMedium();
    const { f, p } = fScores(x, y, null);
    expected.F.forEach((value, j) => {
      expect(Math.abs((f[j] ?? 0) / value - 1)).toBeLessThan(1e-9);
    });
    expected.p.forEach((value, j) => {
      expect(Math.abs((p[j] ?? 0) / value - 1)).toBeLessThan(1e-8);
    });
    expect(selectKBest(f, 25)).toEqual(expected.top25ByIndex);
  });
});

describe("select-k-best", () => {
  const y = Uint8Array.from([0, 0, 1, 1]);

  it("ranks a perfect column first and a constant one last", () => {
    const x = matrix(4, 3, Float64Array.from([7, 1, 0, 7, 2, 0, 7, 2, 1, 7, 3, 1]));
    const { f } = fScores(x, y, null);
    expect(f[0]).toBeNaN();
    expect(selectKBest(f, 1)).toEqual([2]);
    expect(selectKBest(f, 2)).toEqual([1, 2]);
  });

  it("takes weights as repetition", () => {
    const x = matrix(4, 1, Float64Array.from([1, 5, 2, 9]));
    const repeated = matrix(6, 1, Float64Array.from([1, 5, 5, 2, 9, 9]));
    const weighted = fScores(x, y, Float64Array.from([1, 2, 1, 2]));
    const plain = fScores(repeated, Uint8Array.from([0, 0, 0, 1, 1, 1]), null);
    expect(weighted.f[0]).toBeCloseTo(plain.f[0] ?? 0, 12);
    expect(weighted.p[0]).toBeCloseTo(plain.p[0] ?? 0, 12);
  });
});
