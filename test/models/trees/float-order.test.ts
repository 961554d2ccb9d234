import fc from "fast-check";
import { expect, it } from "vitest";
import { FloatOrder } from "../../../src/models/trees/float-order.js";

it("orders float32 values as a stable sort does", () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.float({ noNaN: true }), { maxLength: 60 }), { maxLength: 3 }), (columns) => {
      const order = new FloatOrder(60);
      for (const column of columns) {
        const values = Float32Array.from(column);
        // +0 takes the sign off −0, which a sort by difference does not see either.
        const expected = Array.from(values.keys()).sort((a, b) => compare(values[a], values[b]) || a - b);
        const found = Array.from(order.of(values));
        expect(found.map((i) => (values[i] ?? 0) + 0)).toEqual(expected.map((i) => (values[i] ?? 0) + 0));
        expect(found.slice().sort((a, b) => a - b)).toEqual(Array.from(values.keys()));
      }
    }),
  );
});

function compare(a = 0, b = 0): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
