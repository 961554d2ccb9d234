import { describe, expect, test } from "vitest";
import { LEVEL } from "../../src/schema/pages.js";
import { fold, ownersOf, together, walk } from "./rows.js";

describe("the patterns of the public logs", () => {
  test("between: a blank run after Logout is named as it comes", () => {
    const rows = together(walk({ user: "a", at: 0, pages: "Home, Logout, (Home), (About), (Login), Home" }));
    const found = fold(rows);
    expect(found.map(({ row, user, rule }) => [row, user, rule])).toEqual([
      [2, "a", "continues"],
      [3, "a", "continues"],
      [4, "a", "continues"],
    ]);
    for (const one of found) expect(one.knownAtMs).toBe(rows[one.row]?.tsMs);
  });

  test("before: a start that is logged out is named by the Home after Login", () => {
    const rows = together(walk({ user: "a", at: 0, pages: "(Home), (Login), Home, NextSong" }));
    const found = fold(rows);
    expect(found.map(({ row, user, rule }) => [row, user, rule])).toEqual([
      [0, "a", "login"],
      [1, "a", "login"],
    ]);
    for (const one of found) expect(one.knownAtMs).toBe(rows[2]?.tsMs);
  });

  test("after: a session may end logged out", () => {
    expect(ownersOf(together(walk({ user: "a", at: 0, pages: "Home, Logout, (Home), (Home)" })))).toEqual({
      2: "a",
      3: "a",
    });
  });

  test("a session without a known row stays without an owner", () => {
    expect(fold(together(walk({ user: "a", at: 0, pages: "(Home), (About), (Home)" })))).toEqual([]);
  });

  test("an Error after Login is borne", () => {
    const rows = together(walk({ user: "a", at: 0, pages: "(Login), (Error), Home" }));
    expect(ownersOf(rows)).toEqual({ 0: "a", 1: "a" });
  });

  test("guests are not attributed, and do not keep others from it", () => {
    const guest = walk({ user: "new", at: 5, pages: "[Home], [Register], [Submit Registration], Home" });
    const other = walk({ user: "a", at: 0, pages: "Home, Logout, (Home), (Login), Home" });
    expect(Object.values(ownersOf(together(guest, other)))).toEqual(["a", "a"]);
  });
});

describe("shared ids", () => {
  const first = walk({ user: "a", at: 0, pages: "Home, NextSong, Logout, (Home), (Login), Home, NextSong" });

  test("item numbers tell two users apart", () => {
    const second = walk({ user: "b", at: 30, pages: "NextSong, Logout, (Home), (Help), (Home), (Login), Home" });
    const rows = together(first, second);
    const owners = ownersOf(rows);
    expect(Object.values(owners).sort()).toEqual(["a", "a", "b", "b", "b", "b"]);
    for (const [row, user] of Object.entries(owners))
      expect([Number(row), user]).toEqual([Number(row), trueOwner(rows, Number(row))]);
  });

  test("level tells two users apart", () => {
    const second = walk({
      user: "b",
      at: 3,
      level: LEVEL.free,
      pages: "Home, NextSong, Logout, (Home), (Login), Home",
    });
    const rows = together(first, second);
    const byLevel = Object.entries(ownersOf(rows)).map(([row, user]) => `${user}${rows[Number(row)]?.level}`);
    expect(byLevel.sort()).toEqual(["a1", "a1", "b0", "b0"]);
  });

  test("two who cannot be told apart are left open, until one comes back", () => {
    const twin = walk({ user: "b", at: 0, pages: "Home, NextSong, Logout" });
    expect(fold(together(first.slice(0, 4), twin))).toEqual([]);
    const found = fold(together(first, twin));
    expect(found.map(({ user, rule }) => [user, rule])).toEqual([
      ["a", "login"],
      ["a", "login"],
    ]);
  });

  test("what comes after 24 idle hours is another session", () => {
    const later = walk({ user: "b", at: 86_400 + 300, pages: "(Login)", item: 3 });
    expect(ownersOf(together(first.slice(0, 3), later))).toEqual({});
  });

  /** `b`'s rows begin 30 s later and differ in their milliseconds from `a`'s. */
  function trueOwner(rows: ReturnType<typeof together>, row: number): string {
    const found = rows[row];
    return first.some((one) => one.tsMs === found?.tsMs && one.item === found.item) ? "a" : "b";
  }
});

describe("dirty logs", () => {
  test("a blank row that comes a little before its Logout is named at the next known row", () => {
    const rows = walk({ user: "a", at: 0, pages: "Home, Logout, (Home), (Login), Home" });
    const [, logout, home] = rows;
    if (logout === undefined || home === undefined) throw new Error("the walk is too short");
    home.tsMs = logout.tsMs - 5;
    expect(Object.values(ownersOf(together(rows)))).toEqual(["a", "a"]);
  });

  test("a repeated blank row goes to the owner of the first", () => {
    const rows = walk({ user: "a", at: 0, pages: "Home, Logout, (Home), (Login), Home" });
    const again = rows.slice(2, 3).map((row) => ({ ...row, tsMs: row.tsMs + 10 }));
    expect(new Set(Object.values(ownersOf(together(rows, again))))).toEqual(new Set(["a"]));
  });

  test("a session cut off at its start is not given the rows of somebody else", () => {
    const cut = walk({ user: "a", at: 100, pages: "NextSong, NextSong", item: 50 });
    const stranger = walk({ user: "b", at: 0, pages: "(Home), (About)" });
    expect(fold(together(cut, stranger))).toEqual([]);
  });

  test("items that begin anew do not stop the fold", () => {
    const twice = [0, 500].map((at) => walk({ user: "a", at, pages: "Home, Logout, (Home), (Login), Home" }));
    expect(Object.keys(ownersOf(together(...twice)))).toHaveLength(4);
  });
});
