import { expect, it } from "vitest";
import { emptyBatch } from "../../src/store/event-batch.js";
import { HeldRows } from "../../src/store/held-rows.js";

function batchOf(rows: number, capacity: number) {
  const batch = emptyBatch(capacity);
  batch.rows = rows;
  for (let i = 0; i < rows; i++) batch.tsMs[i] = i;
  return batch;
}

it("keeps the memory of a batch that is full, and copies out of one that is not", () => {
  const full = batchOf(14, 16);
  const hardly = batchOf(2, 16);
  const held = new HeldRows(true);
  held.add(full);
  held.add(hardly);
  full.tsMs[0] = 77;
  hardly.tsMs[0] = 77;
  const ts = held.numbers("tsMs", Float64Array);
  expect([ts[0], ts[14], ts[15], held.count]).toEqual([77, 0, 1, 16]);
});

it("holds nothing that nobody wants", () => {
  const held = new HeldRows(false);
  held.add(batchOf(14, 16));
  expect(held.count).toBeNull();
});
