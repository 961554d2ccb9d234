import { describe, expect, it } from "vitest";
import { seededRng } from "../../src/base/rng.js";
import { eceExpected } from "../../src/evaluate/calibration-error.js";
import { outcomeDraws } from "../../src/evaluate/outcome-draws.js";

const DRAWS = 40_000;

/** How often each row came true, and each pair of rows together. */
function frequencies(p: number[], fromMs: number[], user = p.map(() => 0)) {
  const scored = {
    y: new Uint8Array(p.length),
    p: Float64Array.from(p),
    windows: { user: Int32Array.from(user), fromMs: Float64Array.from(fromMs), lengthMs: 10 },
  };
  const draw = outcomeDraws(scored, seededRng(3));
  const alone = new Float64Array(p.length);
  const both = new Float64Array(p.length ** 2);
  for (let d = 0; d < DRAWS; d++) {
    const rows: number[] = [];
    draw((row) => rows.push(row));
    expect(new Set(rows).size).toBe(rows.length);
    for (const a of rows) {
      alone[a] = (alone[a] ?? 0) + 1 / DRAWS;
      for (const b of rows) both[a * p.length + b] = (both[a * p.length + b] ?? 0) + 1 / DRAWS;
    }
  }
  return { alone, together: (a: number, b: number) => both[a * p.length + b] ?? Number.NaN };
}

describe("outcomes drawn from probabilities", () => {
  it("law: each row comes true with its own probability, whatever its neighbours are", () => {
    const p = [0.04, 0.3, 0.1, 0.9, 0];
    const { alone } = frequencies(p, [4, 0, 2, 30, 6]);
    p.forEach((value, row) => {
      expect(Math.abs((alone[row] ?? 0) - value)).toBeLessThan(4 * Math.sqrt((value * (1 - value)) / DRAWS) + 1e-9);
    });
  });

  it("rows with the same window come true together, apart ones and other users' ones by chance", () => {
    const { together } = frequencies([0.2, 0.2, 0.2, 0.2], [0, 0, 10, 0], [0, 0, 0, 1]);
    expect(together(0, 1)).toBeCloseTo(0.2, 2);
    expect(together(0, 2)).toBeCloseTo(0.04, 2);
    expect(together(0, 3)).toBeCloseTo(0.04, 2);
  });

  it("half a window in common is half of the waiting", () => {
    const p = 0.2;
    const half = 1 - Math.sqrt(1 - p);
    const { together } = frequencies([p, p], [0, 5]);
    expect(together(0, 1)).toBeCloseTo(half + (1 - half) * half ** 2, 2);
  });

  it("a user's repeated rows raise the yardstick of ECE, separate ones do not", () => {
    const p = Float64Array.from({ length: 4000 }, (_, i) => 0.02 + (0.1 * (Math.floor(i / 8) % 500)) / 500);
    const scored = { y: new Uint8Array(p.length), p };
    const user = Int32Array.from(p, (_, i) => Math.floor(i / 8));
    const windows = (everyMs: number) => ({ user, fromMs: p.map((_, i) => (i % 8) * everyMs), lengthMs: 10 });
    const alone = eceExpected(scored, seededRng(1));
    const apart = eceExpected({ ...scored, windows: windows(10) }, seededRng(1));
    const overlapping = eceExpected({ ...scored, windows: windows(2) }, seededRng(1));
    expect(apart / alone).toBeGreaterThan(0.9);
    expect(apart / alone).toBeLessThan(1.1);
    expect(overlapping / alone).toBeGreaterThan(1.4);
  });
});
