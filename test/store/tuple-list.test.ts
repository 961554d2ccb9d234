import fc from "fast-check";
import { expect, it } from "vitest";
import { TupleList } from "../../src/store/tuple-list.js";

const tuple = fc.tuple(
  fc.integer({ min: -1, max: 400 }),
  fc.constantFrom(-1, 0, 1, 2 ** 40, Number.NaN),
  fc.constantFrom(Number.NaN, -5, 0, 1_538_352_000_000, 1_538_352_000_001),
);

it("numbers tuples in the order in which they are first met, and hands each on once", () => {
  fc.assert(
    fc.property(fc.array(tuple, { maxLength: 900 }), fc.nat(), (tuples, cut) => {
      const list = new TupleList(3);
      const first = new Map<string, number>();
      const fresh: number[] = [];
      tuples.forEach((one, i) => {
        const key = one.map(String).join();
        if (!first.has(key)) first.set(key, first.size);
        expect(list.codeOf(Float64Array.from(one))).toBe(first.get(key));
        if (i === cut % (tuples.length + 1)) fresh.push(...list.takeFresh());
      });
      fresh.push(...list.takeFresh());
      expect(list.count).toBe(first.size);
      expect(fresh.map(String).join()).toBe([...first.keys()].join());
    }),
  );
});
