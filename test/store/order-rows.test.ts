import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { groupRows, inOrder, nearlySorted } from "../../src/store/order-rows.js";

const rows = fc.array(fc.record({ group: fc.nat(4), key: fc.nat(6), tie: fc.nat(3) }), { maxLength: 60 });

describe("ordering rows", () => {
  it("is by group, then key, then what settles ties, wherever the runs end", () => {
    fc.assert(
      fc.property(rows, fc.nat(), (given, cut) => {
        const key = Float64Array.from(given, (row) => row.key);
        const compare = (a: number, b: number) => (given[a]?.tie ?? 0) - (given[b]?.tie ?? 0);
        const sequence = nearlySorted(key, given.length === 0 ? 0 : cut % (given.length + 1), compare);
        expect([...sequence].sort((a, b) => a - b)).toEqual(given.map((_, i) => i));
        const group = Int32Array.from(given, (row) => row.group);
        const { start, order } = groupRows({ group, groups: 5, sequence }, key, compare);
        const expected = given.toSorted((a, b) => a.group - b.group || a.key - b.key || a.tie - b.tie);
        expect([...order].map((row) => given[row])).toEqual(expected);
        expect([...start]).toEqual([0, 1, 2, 3, 4, 5].map((g) => given.filter((row) => row.group < g).length));
      }),
    );
  });

  it("leaves a log in order as it is, but for what is merged in before its equals", () => {
    const key = Float64Array.of(5, 6, 7, 1, 2, 6, 0);
    expect([...nearlySorted(key, 5, () => 0)]).toEqual([6, 3, 4, 0, 5, 1, 2]);
  });

  it("keeps the type of a column, on shared memory", () => {
    for (const column of [
      Float64Array.of(0.5, 2),
      Int32Array.of(-1, 2),
      Uint16Array.of(65_535, 2),
      Uint8Array.of(255, 2),
    ]) {
      const out = inOrder(column, Int32Array.of(1, 0, 1));
      expect([...out]).toEqual([2, column[0], 2]);
      expect(out.constructor).toBe(column.constructor);
      expect(out.buffer).toBeInstanceOf(SharedArrayBuffer);
    }
  });
});
