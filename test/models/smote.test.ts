import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { type Matrix, matrix, takeRows } from "../../src/base/matrix.js";
import { seededRng } from "../../src/base/rng.js";
import { fitScaler, standardise } from "../../src/models/scaler.js";
import { type NearestRows, nearestRows, smote } from "../../src/models/smote.js";
import { needsShared, readShared } from "../shared.js";
import { MEDIUM_FILE, type Medium, readMedium } from "./medium.js";

const FIXTURE = "reference/smote.json";

function rowOf({ data, cols }: Matrix, row: number): Float64Array {
  return data.slice(row * cols, (row + 1) * cols);
}

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.hypot(...Array.from(a, (value, j) => value - (b[j] ?? Number.NaN)));
}

describe.skipIf(needsShared(FIXTURE) || needsShared(MEDIUM_FILE))("99 churned users of the medium log", () => {
  let expected: { rowOfMinority: number[]; neighbours: number[][]; distances: number[][] };
  let [x, y]: [Medium["x"], Medium["y"]] = [matrix(0, 0), new Uint8Array()];
  let minority: number[];
  let near: NearestRows;

  beforeAll(() => {
    ({ expected } = readShared<{ expected: typeof expected }>(FIXTURE));
    ({ x, y } = readMedium());
    minority = [...y.keys()].filter((row) => y[row] === 1);
    near = nearestRows(takeRows(standardise(fitScaler(x, null), x), minority), 5);
  });

  test("the five nearest are those of scikit-learn, in its order, as far away to 1e-10", () => {
    expect(minority).toEqual(expected.rowOfMinority);
    expect(near.neighbours.map((own) => [...own])).toEqual(expected.neighbours);
    near.distances.forEach((own, i) => {
      own.forEach((value, k) => {
        expect(Math.abs(value - (expected.distances[i]?.[k] ?? 0))).toBeLessThan(1e-10);
      });
    });
  });

  test("250 synthetic rows, each on the line between a churned row and one of its five nearest", () => {
    const made = smote(x, y, null, seededRng(1));
    expect(made.x.rows).toBe(698);
    expect(made.x.data.subarray(0, x.data.length)).toEqual(x.data);
    expect(made.y.subarray(0, 448)).toEqual(y);
    expect(new Set(made.y.subarray(448))).toEqual(new Set([1]));
    made.base.forEach((base, s) => {
      const at = minority.indexOf(base);
      const [synthetic, a] = [rowOf(made.x, 448 + s), rowOf(x, base)];
      const off = (expected.neighbours[at] ?? []).map((k) => {
        const b = rowOf(x, minority[k] ?? -1);
        return Math.abs(distance(a, synthetic) + distance(synthetic, b) - distance(a, b)) / (1 + distance(a, b));
      });
      expect(Math.min(...off)).toBeLessThan(1e-9);
    });
    // Each churned row starts two or three of them.
    const starts = minority.map((row) => made.base.filter((base) => base === row).length);
    expect([Math.min(...starts), Math.max(...starts)]).toEqual([2, 3]);
  });
});

describe("any table", () => {
  const table = fc
    .tuple(fc.integer({ min: 4, max: 25 }), fc.integer({ min: 1, max: 4 }), fc.integer())
    .map(([rows, cols, seed]) => {
      const rng = seededRng(seed);
      const data = Float64Array.from({ length: rows * cols }, () => (rng.uniform() < 0.1 ? Number.NaN : rng.normal()));
      const y = Uint8Array.from({ length: rows }, (_, row) => (row < 2 ? row : rng.uniform() < 0.3 ? 1 : 0));
      const user = Int32Array.from({ length: rows }, () => rng.below(6));
      return { x: matrix(rows, cols, data), y, user, seed };
    });

  test("both labels come to equally many rows, and every column stays between its values", () => {
    fc.assert(
      fc.property(table, ({ x, y, user, seed }) => {
        const made = smote(x, y, user, seededRng(seed));
        const ones = made.y.reduce((sum, label) => sum + label, 0);
        expect(ones * 2).toBe(made.y.length);
        expect(smote(x, y, user, seededRng(seed))).toEqual(made);
        for (let j = 0; j < x.cols; j++) {
          const known = [...y.keys()].map((row) => x.data[row * x.cols + j] ?? 0).filter((v) => !Number.isNaN(v));
          for (let row = x.rows; row < made.x.rows; row++) {
            const value = made.x.data[row * x.cols + j] ?? 0;
            if (Number.isNaN(value)) continue;
            expect(value).toBeGreaterThanOrEqual(Math.min(...known) - 1e-12);
            expect(value).toBeLessThanOrEqual(Math.max(...known) + 1e-12);
          }
        }
      }),
    );
  });

  test("neighbours are other users' rows where users are given", () => {
    const z = matrix(4, 1, Float64Array.of(0, 0.1, 5, 5.1));
    expect(nearestRows(z, 1).neighbours.map((own) => [...own])).toEqual([[1], [0], [3], [2]]);
    const user = Int32Array.of(0, 0, 1, 1);
    expect(nearestRows(z, 1, user).neighbours.map((own) => [...own])).toEqual([[2], [2], [1], [1]]);
  });

  test("a single churned row has no neighbour and is repeated", () => {
    const made = smote(matrix(4, 1, Float64Array.of(7, 1, 2, 3)), Uint8Array.of(1, 0, 0, 0), null, seededRng(1));
    expect([...made.x.data.subarray(4)]).toEqual([7, 7]);
  });
});
