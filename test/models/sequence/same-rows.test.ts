import fc from "fast-check";
import { expect, it } from "vitest";
import { matrix, takeRows } from "../../../src/base/matrix.js";
import { mergeSameRows } from "../../../src/models/sequence/same-rows.js";

const values = fc.constantFrom(0, -0, 1, 2.5, Number.NaN);
const rows = fc.array(
  fc.record({ values: fc.tuple(values, values), y: fc.nat(1), weight: fc.nat(3), group: fc.nat(2) }),
  { minLength: 1, maxLength: 30 },
);

it("keeps each different row once, with the weight of all its likes", () => {
  fc.assert(
    fc.property(rows, fc.boolean(), (all, grouped) => {
      const x = matrix(all.length, 2, Float64Array.from(all.flatMap((row) => row.values)));
      const y = Uint8Array.from(all, (row) => row.y);
      const group = grouped ? Int32Array.from(all, (row) => row.group) : null;
      const merged = mergeSameRows(
        x,
        y,
        Float64Array.from(all, (row) => row.weight),
        group,
      );
      const total = new Map<string, number>();
      for (const row of all) {
        if (row.weight === 0) continue;
        const key = [...row.values.map((value) => value + 0), row.y, grouped ? row.group : ""].join();
        total.set(key, (total.get(key) ?? 0) + row.weight);
      }
      const found = Array.from(merged.y.keys(), (i) => {
        const own = Array.from(takeRows(merged.x, [i]).data, (value) => value + 0);
        return [[...own, merged.y[i], grouped ? merged.group[i] : ""].join(), merged.weight[i]] as const;
      });
      expect(found).toEqual([...total]);
    }),
  );
});

it("makes each different row a group where none are given", () => {
  const x = matrix(3, 1, Float64Array.from([1, 1, 2]));
  expect(Array.from(mergeSameRows(x, new Uint8Array(3), null, null).group)).toEqual([0, 1]);
});
