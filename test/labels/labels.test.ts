import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MS_PER_DAY } from "../../src/base/time.js";
import { cancellation } from "../../src/labels/cancellation.js";
import { HORIZON, OUTCOME, outcomeAt, settledAt } from "../../src/labels/label.js";
import { PAGE } from "../../src/schema/pages.js";
import { day } from "../evaluate/panel.js";
import { columnsOf, eventOf, START_MS } from "../features/columns.js";

describe("outcomes", () => {
  test("the event must lie in (T + gap, T + gap + horizon]", () => {
    const cutoff = day(10);
    const outcomes = [10, 10.001, 11, 11.001, 21, 21.001, 5].map((n) => outcomeAt(day(n), cutoff, HORIZON));
    const { kept, churned, inGap } = OUTCOME;
    expect(outcomes).toEqual([kept, inGap, inGap, churned, churned, kept, kept]);
    expect(outcomeAt(Number.NaN, cutoff, HORIZON)).toBe(kept);
    expect(settledAt(cutoff, HORIZON)).toBe(day(21));
  });

  test("an outcome is settled at settledAt: later events do not change it", () => {
    const moments = fc.integer({ min: -5 * MS_PER_DAY, max: 60 * MS_PER_DAY });
    const horizons = fc.record({ gapDays: fc.nat(5), horizonDays: fc.integer({ min: 1, max: 30 }) });
    fc.assert(
      fc.property(moments, horizons, (after, horizon) => {
        const eventMs = day(0) + after;
        if (eventMs > settledAt(day(0), horizon)) expect(outcomeAt(eventMs, day(0), horizon)).toBe(OUTCOME.kept);
        else expect(outcomeAt(eventMs, day(0), horizon) === OUTCOME.kept).toBe(after <= 0);
      }),
    );
  });
});

test("a cancellation is the first Cancellation Confirmation, whenever it became known", () => {
  const confirmed = { page: PAGE["Cancellation Confirmation"] };
  const columns = columnsOf(
    [
      eventOf({ user: 0, page: PAGE.Cancel }),
      eventOf({ user: 1, tsMs: START_MS + 9, ...confirmed }),
      eventOf({ user: 1, tsMs: START_MS + 5, knownAtMs: START_MS + 50, ...confirmed }),
      eventOf({ user: 2, tsMs: START_MS, ...confirmed }),
    ],
    4,
  );
  expect([...cancellation.eventTimes(columns)]).toEqual([Number.NaN, START_MS + 5, START_MS, Number.NaN]);
});
