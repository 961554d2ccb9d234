import { describe, expect, test } from "vitest";
import { MS_PER_DAY } from "../../../src/base/time.js";
import { UnknownFields } from "../../../src/pipeline/live/unknown-fields.js";
import { BACKENDS, storeOfTests } from "../../store/live/backends.js";
import { event } from "../ingest-fixture.js";

const [backend] = BACKENDS;
describe("fields that are none of ours", () => {
  const store = storeOfTests(backend?.place ?? (() => Promise.reject(new Error("there is no store"))));

  test("are counted by day, whatever is sent, and added up", async () => {
    const fields = new UnknownFields();
    fields.count([
      event(),
      event({ device: "x", colour: 1 }),
      null,
      7,
      [1],
      { device: 2, [`${"long".repeat(99)}`]: 1, "a\0b": 1 },
    ]);
    await fields.flush(store.db, 3 * MS_PER_DAY + 5);
    fields.count([event({ device: "x" })]);
    await fields.flush(store.db, 3 * MS_PER_DAY + 9);
    await fields.flush(store.db, 4 * MS_PER_DAY);
    const rows = await store.db.query("SELECT day_ms AS day, name, rows FROM unknown_fields ORDER BY rows DESC, name");
    const day = 3 * MS_PER_DAY;
    expect(rows).toEqual([
      { day, name: "device", rows: 3 },
      { day, name: "0", rows: 1 },
      { day, name: "colour", rows: 1 },
      { day, name: "long".repeat(25), rows: 1 },
    ]);
  });

  test("of a sender who makes them up are not kept without end", async () => {
    const fields = new UnknownFields();
    fields.count([Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`f${i}`, 1]))]);
    await fields.flush(store.db, 0);
    expect(await store.db.query("SELECT count(*)::int4 AS n FROM unknown_fields")).toEqual([{ n: 200 }]);
  });
});
