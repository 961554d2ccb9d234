import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { groupRows, inOrder, mergeLate, runsInOrder } from "../../src/store/order-rows.js";

const rows = fc.array(fc.record({ group: fc.nat(4), key: fc.nat(6), tie: fc.nat(3) }), { maxLength: 60 });

const booleans = fc.array(fc.boolean(), { minLength: 60, maxLength: 60 });

describe("ordering rows", () => {
  it("is by group, then key, then what settles ties, wherever the runs end and whatever is left out", () => {
    fc.assert(
      fc.property(rows, fc.nat(), booleans, booleans, (given, cut, taken, portioned) => {
        const key = Float64Array.from(given, (row) => row.key);
        const compare = (a: number, b: number) => (given[a]?.tie ?? 0) - (given[b]?.tie ?? 0);
        const inRuns = given.length === 0 ? 0 : cut % (given.length + 1);
        const portions = given.map((_, row) => row).filter((row) => portioned[row]);
        const late = given.map((_, row) => row).slice(inRuns);
        const sequence = mergeLate(runsInOrder(key, inRuns, portions), Int32Array.from(late), key, compare);
        expect([...sequence].sort((a, b) => a - b)).toEqual(given.map((_, i) => i));
        const some = sequence.filter((row) => taken[row]);
        const group = Int32Array.from(given, (row) => row.group);
        const grouped = groupRows({ group, groups: 5, sequence: some }, key, compare);
        const chosen = given.filter((_, row) => taken[row]);
        const expected = chosen.toSorted((a, b) => a.group - b.group || a.key - b.key || a.tie - b.tie);
        expect([...grouped.order].map((row) => given[row])).toEqual(expected);
        expect([...grouped.start]).toEqual([0, 1, 2, 3, 4, 5].map((g) => chosen.filter((row) => row.group < g).length));
        expect([...inOrder(key, grouped)]).toEqual(expected.map((row) => row.key));
        expect([...grouped.place]).toEqual(given.map((_, row) => grouped.order.indexOf(row)));
      }),
    );
  });

  it("leaves a log in order as it is, but for what is merged in before its equals", () => {
    const key = Float64Array.of(5, 6, 7, 1, 2, 6, 0);
    expect([...runsInOrder(key, 5, [])]).toEqual([3, 4, 0, 1, 2]);
    expect([...mergeLate(runsInOrder(key, 5, [0]), Int32Array.of(5, 6), key, () => 0)]).toEqual([6, 3, 4, 0, 5, 1, 2]);
  });

  it("tells the portions of two readers apart, though one seems to go on with the other", () => {
    const key = Float64Array.of(30, 31, 10, 11, 32, 33, 12, 13);
    expect([...runsInOrder(key, 8, [0, 2, 4, 6])]).toEqual([2, 3, 6, 7, 0, 1, 4, 5]);
    expect([...runsInOrder(key, 8, [])]).not.toEqual([2, 3, 6, 7, 0, 1, 4, 5]);
  });

  it("keeps the type of a column, on shared memory", () => {
    for (const column of [
      Float64Array.of(0.5, 2, 7),
      Int32Array.of(-1, 2, 7),
      Uint16Array.of(65_535, 2, 7),
      Uint8Array.of(255, 2, 7),
    ]) {
      const out = inOrder(column, { order: Int32Array.of(1, 0), place: Int32Array.of(1, 0, -1) });
      expect([...out]).toEqual([2, column[0]]);
      expect(out.constructor).toBe(column.constructor);
      expect(out.buffer).toBeInstanceOf(SharedArrayBuffer);
    }
  });
});
