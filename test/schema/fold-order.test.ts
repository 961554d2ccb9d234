import fc from "fast-check";
import { expect, expectTypeOf, test } from "vitest";
import type { KnownEvent } from "../../src/features/fold.js";
import { compareInFoldOrder, compareTexts, foldOrderSql, type Ordered } from "../../src/schema/fold-order.js";
import { settleTies } from "../../src/store/settle-ties.js";
import { columnsOf, eventOf, type OwnedEvent, START_MS } from "../features/columns.js";

/** Few values, so that ties are many. */
const event = fc
  .record({
    knownAtMs: fc.nat(2).map((n) => START_MS + n),
    tsMs: fc.nat(1).map((n) => START_MS + n),
    sessionId: fc.nat(1),
    item: fc.nat(1),
    page: fc.nat(1),
    auth: fc.nat(1),
    level: fc.constantFrom(0, 255),
    registrationMs: fc.constantFrom(Number.NaN, 5),
    state: fc.nat(2),
  })
  .map(eventOf);

test("the order is total: sorted from any order, the same events lie in the same places", () => {
  const property = fc.property(fc.array(event, { maxLength: 12 }), fc.nat(), (events, turn) => {
    const turned = events.map((_, i) => events[(i * 7 + turn) % events.length] as OwnedEvent);
    const shuffled = events.length % 7 === 0 ? [...events].reverse() : turned;
    const sort = (list: readonly OwnedEvent[]) => [...list].sort((a, b) => compareInFoldOrder(a, b));
    expect(sort(shuffled)).toEqual(sort(events));
    for (const a of events) for (const b of events) expect(compareInFoldOrder(a, b)).toBe(0 - compareInFoldOrder(b, a));
  });
  fc.assert(property, { numRuns: 300 });
});

test("no field that a fold sees is left out of the order", () => {
  // A law for the compiler: the build of the tests fails where it does not hold.
  expectTypeOf<keyof Ordered>().toEqualTypeOf<keyof KnownEvent>();
});

test("columns in the order of SQL come into the whole order once their ties are settled", () => {
  const property = fc.property(fc.array(event, { minLength: 1, maxLength: 14 }), (events) => {
    const two = events.map((one, i) => ({ ...one, user: i % 2 }));
    const columns = columnsOf(two, 2);
    settleTies(columns, columns.userStart);
    const sorted = two.sort((a, b) => a.user - b.user || compareInFoldOrder(a, b));
    for (const name of ["knownAtMs", "page", "auth", "level", "registrationMs", "state"] as const) {
      expect([...columns[name]]).toEqual(sorted.map((one) => one[name]));
    }
  });
  fc.assert(property, { numRuns: 300 });
});

test("states are compared by what the caller says", () => {
  const [a, b] = [eventOf({ state: 1 }), eventOf({ state: 2 })];
  expect(compareInFoldOrder(a, b)).toBeLessThan(0);
  expect(compareInFoldOrder(a, b, (x, y) => y - x)).toBeGreaterThan(0);
});

test("the list for SQL names a column for each part of the order", () => {
  const names = { knownAtMs: "k", tsMs: "t", sessionId: "s", item: "i", page: "p" };
  expect(foldOrderSql(names)).toBe("k, t, s, i, p");
});

test("texts are in the order of their UTF-8 bytes", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "é", "\uffff", "\ue000", "😀", "\ud7ff"), maxLength: 4 });
  const property = fc.property(text, text, (a, b) => {
    expect(Math.sign(compareTexts(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
  });
  fc.assert(property, { numRuns: 500 });
});
