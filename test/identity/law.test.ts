import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addRow } from "../../src/identity/fold.js";
import { recoverSessions } from "../../src/identity/recover-sessions.js";
import type { Attribution } from "../../src/identity/session-state.js";
import { emptySession } from "../../src/identity/session-state.js";
import { PAGE } from "../../src/schema/pages.js";
import type { LoggedRow } from "./columns-of-rows.js";
import { columnsOfRows } from "./columns-of-rows.js";
import { fold, together, walk } from "./rows.js";

const PATTERNS = [
  "Home, Logout, (Home), (Login), Home, NextSong",
  "(Home), (Login), Home, NextSong, Logout, (Home)",
  "NextSong, NextSong, Logout, (Home), (About), (Login), Home",
  "(Home), (About), (Home)",
  "[Home], [Submit Registration], Home, Logout, (Home)",
] as const;

/** Overlapping walks of a few users under one id, as shared ids make them. */
const walks = fc
  .array(
    fc.record({
      user: fc.constantFrom("a", "b", "c", "d"),
      at: fc.nat(900),
      level: fc.nat(1),
      pages: fc.constantFrom(...PATTERNS),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((list) => together(...list.map(walk)));

/** Rows that no grammar made. */
const wildRow = fc.record({
  user: fc.constantFrom("", "", "a", "b"),
  tsMs: fc.nat(2_000_000).map((ms) => Date.UTC(2018, 10, 1) + ms),
  item: fc.nat(8),
  page: fc.constantFrom(PAGE.Home, PAGE.Login, PAGE.Logout, PAGE.NextSong, PAGE.Error),
  auth: fc.nat(3),
  level: fc.constantFrom(0, 1, 255),
  sessionId: fc.constant(7),
  row: fc.constant(0),
});

/** Attributions by what they say of which row, so that other row numbers do not matter. */
function known(rows: readonly LoggedRow[], untilMs: number): string[] {
  const told = (one: Attribution) => {
    const { tsMs, item, page, level } = rows[one.row] as LoggedRow;
    return JSON.stringify([tsMs, item, page, level, one.user, one.confidence, one.knownAtMs, one.rule]);
  };
  return fold(rows)
    .filter((one) => one.knownAtMs <= untilMs)
    .map(told);
}

describe("an attribution depends on rows up to its knownAtMs only", () => {
  test("whatever happens later, what was known stays", () => {
    const property = fc.property(
      walks,
      fc.array(wildRow, { maxLength: 12 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (rows, wild, share) => {
        const cut = rows[Math.floor(share * (rows.length - 1))]?.tsMs ?? 0;
        const past = rows.filter((row) => row.tsMs <= cut);
        const future = wild.map((row) => ({ ...row, tsMs: cut + 1 + (row.tsMs % 100_000) }));
        const expected = known(rows, cut);
        expect(known(together(past), cut)).toEqual(expected);
        expect(known(together(past, future), cut)).toEqual(expected);
        expect(known(together(rows, future), cut)).toEqual(expected);
      },
    );
    fc.assert(property, { numRuns: 300 });
  });

  test("nothing is known before it happened, and nothing is settled twice", () => {
    fc.assert(
      fc.property(walks, fc.array(wildRow, { maxLength: 30 }), (rows, wild) => {
        const all = together(rows, wild);
        const found = fold(all);
        expect(new Set(found.map((one) => one.row)).size).toBe(found.length);
        for (const one of found) {
          expect(one.knownAtMs).toBeGreaterThanOrEqual(all[one.row]?.tsMs ?? Number.POSITIVE_INFINITY);
          expect(one.confidence).toBeGreaterThanOrEqual(0.999);
          expect(one.confidence).toBeLessThanOrEqual(1);
          expect(all[one.row]?.user).toBe("");
        }
      }),
      { numRuns: 300 },
    );
  });
});

test("batch gives what the fold gives, in whatever order the rows arrived", () => {
  fc.assert(
    fc.property(walks, fc.array(fc.nat(), { minLength: 40, maxLength: 40 }), (rows, keys) => {
      const arrived = rows.map((row, i) => ({ row, key: keys[i % 40] ?? 0 })).sort((a, b) => a.key - b.key);
      const { columns } = columnsOfRows(arrived.map(({ row }) => row));
      const { row, userIndex, knownAtMs } = recoverSessions(columns).attributions;
      const batch = [...row].map((at, i) => [
        columns.tsMs[at],
        columns.item[at],
        columns.users[userIndex[i] ?? -1],
        knownAtMs[i],
      ]);
      const inOrder = columnsOfRows(rows).columns;
      const again = recoverSessions(inOrder).attributions;
      const straight = [...again.row].map((at, i) => [
        inOrder.tsMs[at],
        inOrder.item[at],
        inOrder.users[again.userIndex[i] ?? -1],
        again.knownAtMs[i],
      ]);
      expect(batch).toEqual(straight);
    }),
  );
});

test("passing over the rows that go on plainly gives what folding each of them gives", () => {
  fc.assert(
    fc.property(walks, fc.array(wildRow, { maxLength: 8 }), (rows, wild) => {
      const { columns, order } = columnsOfRows(together(rows, wild));
      const numbered = together(rows, wild);
      const sorted = [...order].map((number, row) => ({ ...(numbered[number] as LoggedRow), row }));
      const { row, userIndex, confidence, knownAtMs } = recoverSessions(columns).attributions;
      const batch = [...row].map((at, i) => [at, columns.users[userIndex[i] ?? -1], confidence[i], knownAtMs[i]]);
      expect(batch).toEqual(fold(sorted).map((one) => [one.row, one.user, one.confidence, one.knownAtMs]));
    }),
    { numRuns: 300 },
  );
});

test("the state goes through JSON at any moment", () => {
  fc.assert(
    fc.property(walks, (rows) => {
      let state = emptySession();
      const found = rows.flatMap((row) => {
        state = JSON.parse(JSON.stringify(state));
        return [...addRow(state, row)];
      });
      expect(found).toEqual(fold(rows));
    }),
  );
});
