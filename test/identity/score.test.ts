import { expect, test } from "vitest";
import { recoverSessions } from "../../src/identity/recover-sessions.js";
import { scoreRecovery } from "../../src/identity/score.js";
import { columnsOfRows } from "./columns-of-rows.js";
import { together, walk } from "./rows.js";

const shared = together(
  walk({ user: "a", at: 0, pages: "Home, NextSong, NextSong, NextSong, Logout, (Home), (Login), Home" }),
  walk({ user: "b", at: 130, pages: "Home, NextSong, NextSong" }),
  walk({ user: "new", at: 9_000, pages: "[Home], [Register]" }),
  walk({ user: "c", at: 200_000, pages: "(Home), (About)" }),
);

test("counts add up: blank = guests + attributable + without a known row", () => {
  const { columns } = columnsOfRows(shared);
  expect(recoverSessions(columns).summary).toEqual({
    blank: 6,
    guests: 2,
    attributable: 2,
    withoutKnownRow: 2,
    recovered: 2,
    abstained: 0,
    coverage: 1,
    sharedSessions: 1,
  });
});

test("recovery and its rivals are measured on the same rows; guests are left out", () => {
  const { columns, order } = columnsOfRows(shared);
  const truth = new Map<number, string | null>();
  order.forEach((row, i) => {
    const { user, auth } = shared[row] ?? { user: "", auth: 0 };
    if (user === "") truth.set(i, auth === 2 ? null : i < 20 ? "a" : "c");
  });
  const score = scoreRecovery(columns, recoverSessions(columns), truth);
  expect(score).toMatchObject({ accuracy: 1, coverage: 1, wrong: 0 });
  expect(score.precisionByConfidence.reduce((rows, bin) => rows + bin.rows, 0)).toBe(2);
  expect(score.rivals.forwardFill.coverage).toBe(1);
  expect(score.rivals.forwardFill.accuracy).toBeLessThan(1);
});
