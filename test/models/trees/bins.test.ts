import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Matrix, matrix, takeRows } from "../../../src/base/matrix.js";
import { binsAt, GROUP } from "../../../src/models/trees/bin-layout.js";
import { type BinnedTable, binTable } from "../../../src/models/trees/bins.js";

const cell = fc.oneof(
  fc.double({ noNaN: false }),
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 1e300, -1e300, 0, -0),
);

function tableOf(cols: number, rows: number): fc.Arbitrary<Matrix> {
  return fc
    .array(cell, { minLength: rows * cols, maxLength: rows * cols })
    .map((data) => matrix(rows, cols, Float64Array.from(data)));
}

function binOf(table: BinnedTable, column: number, row: number): number {
  return table.bins[binsAt(table.rows, column) + row * GROUP] ?? -1;
}

describe("quantile bins", () => {
  it("put a value below cut k exactly when its bin is at most k, and missing values apart", () => {
    fc.assert(
      fc.property(tableOf(5, 12), (x) => {
        const table = binTable(x, null);
        table.columns.forEach((column, k) => {
          const cuts = table.cuts[k] ?? new Float32Array();
          expect(cuts.every((cut, i) => Number.isFinite(cut) && cut > (cuts[i - 1] ?? -Infinity))).toBe(true);
          for (let row = 0; row < x.rows; row++) {
            const value = Math.fround(x.data[row * x.cols + column] ?? 0);
            const bin = binOf(table, k, row);
            if (Number.isNaN(value)) expect(bin).toBe(table.missing[k]);
            else expect(Array.from(cuts, (cut) => value < cut)).toEqual(Array.from(cuts, (_, i) => bin <= i));
          }
        });
      }),
    );
  });

  it("part every two values of a column where they are few", () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ noNaN: true, min: -1000, max: 1000 }), { minLength: 1, maxLength: 50 }),
        (column) => {
          const table = binTable(matrix(column.length, 1, Float64Array.from(column)), null);
          const distinct = new Set(column.map((value) => value + 0)).size;
          expect(table.cuts[0]?.length ?? 0).toBe(distinct - 1);
        },
      ),
    );
  });

  it("leave out columns that are constant or wholly missing, but not those that are constant with gaps", () => {
    const rows = Array.from({ length: 10 }, (_, i) => [1, Number.NaN, i, i < 3 ? Number.NaN : 7]);
    const table = binTable(matrix(10, 4, Float64Array.from(rows.flat())), null);
    expect(table.columns).toEqual([2, 3]);
    expect(table.cuts[1]?.length).toBe(1);
    expect(binTable(matrix(0, 4), null).columns).toEqual([]);
  });

  it.each([false, true])("make at most 256 bins of about equal weight, missing among them: %s", (gaps) => {
    const rows = 50_000;
    const x = matrix(rows, 1);
    for (let i = 0; i < rows; i++) x.data[i] = gaps && i % 10 === 0 ? Number.NaN : ((i * 7919) % rows) ** 3;
    const table = binTable(x, null);
    const sizes = new Map<number, number>();
    for (let i = 0; i < rows; i++) sizes.set(binOf(table, 0, i), (sizes.get(binOf(table, 0, i)) ?? 0) + 1);
    expect(sizes.size).toBeGreaterThan(250);
    expect(Math.max(...sizes.keys())).toBeLessThan(256);
    const missing = table.missing[0] ?? -1;
    if (gaps) expect(sizes.get(missing)).toBe(rows / 10);
    sizes.delete(missing);
    const fair = (gaps ? 0.9 : 1) * (rows / 256);
    expect(Math.max(...sizes.values())).toBeLessThan(1.3 * fair);
  });

  it("take weights as repetition, and nothing from rows without weight", () => {
    fc.assert(
      fc.property(tableOf(3, 10), fc.array(fc.nat(3), { minLength: 10, maxLength: 10 }), (x, times) => {
        const repeated = takeRows(
          x,
          times.flatMap((n, i) => Array<number>(n).fill(i)),
        );
        const ours = binTable(x, Float64Array.from(times));
        const theirs = binTable(repeated, null);
        expect(ours.columns).toEqual(theirs.columns);
        expect(ours.cuts).toEqual(theirs.cuts);
      }),
    );
  });
});
