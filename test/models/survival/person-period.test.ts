import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { personPeriods } from "../../../src/models/survival/person-period.js";

describe("person-period table", () => {
  it("by hand: an event in the third interval, one lost in the second, one watched beyond all", () => {
    const followUp = {
      days: Float64Array.from([12, 9.9, 40]),
      event: Uint8Array.from([1, 0, 1]),
      watchedDays: Float64Array.from([15, 9.9, 60]),
    };
    const { row, interval, y } = personPeriods(followUp, { intervalDays: 5, intervals: 3 });
    expect(Array.from(row)).toEqual([0, 0, 0, 1, 2, 2, 2]);
    expect(Array.from(interval)).toEqual([0, 1, 2, 0, 0, 1, 2]);
    expect(Array.from(y)).toEqual([0, 0, 1, 0, 0, 0, 0]);
  });

  it("counts an interval that ends with the data, and an event at its very end", () => {
    const followUp = {
      days: Float64Array.from([10, 10]),
      event: Uint8Array.from([0, 1]),
      watchedDays: Float64Array.from([10, 10]),
    };
    expect(Array.from(personPeriods(followUp, { intervalDays: 5, intervals: 4 }).y)).toEqual([0, 0, 0, 1]);
  });

  it("leaves an interval out that the data end in, whether or not they saw the event", () => {
    const followUp = {
      days: Float64Array.from([7, 8]),
      event: Uint8Array.from([1, 0]),
      watchedDays: Float64Array.from([8, 8]),
    };
    const { row, y } = personPeriods(followUp, { intervalDays: 5, intervals: 2 });
    expect(Array.from(row)).toEqual([0, 1]);
    expect(Array.from(y)).toEqual([0, 0]);
  });

  it("has each row's intervals from the first on without a gap, and at most one event, the last", () => {
    const rows = fc.array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.nat(1), fc.nat(20)), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 6 }), (list, intervals) => {
        const days = Float64Array.from(list, ([day]) => day / 2);
        const event = Uint8Array.from(list, ([, happened]) => happened);
        const watchedDays = Float64Array.from(list, ([day, happened, more]) => (day + happened * more) / 2);
        const table = personPeriods({ days, event, watchedDays }, { intervalDays: 3, intervals });
        for (const [i, day] of days.entries()) {
          const own = Array.from(table.row.keys()).filter((at) => table.row[at] === i);
          expect(own.map((at) => table.interval[at])).toEqual(own.map((_, k) => k));
          const watched = Math.min(intervals, Math.floor((watchedDays[i] ?? 0) / 3));
          const happened = event[i] === 1 && day <= 3 * watched;
          expect(own.map((at) => table.y[at])).toEqual(own.map((_, k) => (happened && k === own.length - 1 ? 1 : 0)));
          expect(own.length).toBe(happened ? Math.ceil(day / 3) : watched);
        }
      }),
    );
  });
});
