import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkOrder } from "../../../src/features/fold-protocol/check-order.js";
import type { UserEvent } from "../../../src/features/fold-protocol/event-line.js";
import { UserFrames } from "../../../src/features/fold-protocol/user-frames.js";
import { compareInFoldOrder } from "../../../src/schema/fold-order.js";
import { columnsOf, eventOf, logs, START_MS } from "../columns.js";

/** What a handler is called with, as words. */
function framed(events: readonly UserEvent[]): string[] {
  const calls: string[] = [];
  const frames = new UserFrames({
    start: (user) => calls.push(`start ${user}`),
    event: ({ user, tsMs }) => calls.push(`${user} ${tsMs}`),
    end: (user) => calls.push(`end ${user}`),
  });
  for (const event of events) frames.push(event);
  frames.finish();
  return calls;
}

const at = (user: string, tsMs: number): UserEvent => ({ ...eventOf({ tsMs: START_MS + tsMs }), user });

describe("framing", () => {
  test("each user is started, given its events and ended, once", () => {
    expect(framed([at("a", 1), at("a", 2), at("b", 1)])).toEqual([
      "start a",
      `a ${START_MS + 1}`,
      `a ${START_MS + 2}`,
      "end a",
      "start b",
      `b ${START_MS + 1}`,
      "end b",
    ]);
    expect(framed([])).toEqual([]);
  });

  test("equal events are in order, an earlier one is our bug and says whose", () => {
    expect(framed([at("a", 1), at("a", 1)])).toHaveLength(4);
    expect(() => framed([at("a", 2), at("a", 1)])).toThrow(/Bug in Refrain: user a: an event/);
  });

  test("a user who comes again is our bug", () => {
    expect(() => framed([at("b", 1), at("a", 2)])).toThrow(/user a comes after user b/);
    expect(() => framed([at("a", 1), at("b", 2), at("a", 3)])).toThrow(/sorted by user/);
    expect(framed([at("\uffff", 1), at("😀", 2)])).toHaveLength(6);
  });
});

describe("columns", () => {
  test("in order they pass; with any two unequal rows of a user swapped they do not", () => {
    const property = fc.property(logs({ users: 2 }), fc.nat(), (events, pick) => {
      const columns = columnsOf(events, 2);
      checkOrder(columns, { from: 0, to: 2 });
      const sorted = events.filter(({ user }) => user === 0).sort((a, b) => compareInFoldOrder(a, b));
      const row = pick % Math.max(1, sorted.length - 1);
      const [a, b] = sorted.slice(row, row + 2);
      if (a === undefined || b === undefined || a.knownAtMs === b.knownAtMs) return;
      columns.knownAtMs[row] = b.knownAtMs;
      columns.knownAtMs[row + 1] = a.knownAtMs;
      expect(() => checkOrder(columns, { from: 0, to: 1 })).toThrow(/user user000: row \d+ comes before/);
      checkOrder(columns, { from: 1, to: 2 });
    });
    fc.assert(property, { numRuns: 200 });
  });

  test("behind equal times, session, item and page decide", () => {
    for (const name of ["sessionId", "item", "page"] as const) {
      const columns = columnsOf([eventOf({ [name]: 1 }), eventOf({ [name]: 2 })], 1);
      checkOrder(columns, { from: 0, to: 1 });
      columns[name].reverse();
      expect(() => checkOrder(columns, { from: 0, to: 1 }), name).toThrow(/order of the fold/);
    }
  });
});
