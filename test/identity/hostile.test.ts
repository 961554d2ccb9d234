import { expect, test } from "vitest";
import { seededRng } from "../../src/base/rng.js";
import { addRow } from "../../src/identity/fold.js";
import { emptySession, type SessionRow } from "../../src/identity/session-state.js";
import { PAGE } from "../../src/schema/pages.js";

const rng = seededRng("hostile");
const base = { tsMs: 0, item: 0, page: PAGE.Home, auth: 1, level: 0, row: 0, user: "" };

const FLOODS: Readonly<Record<string, (i: number) => Partial<SessionRow>>> = {
  "a user for every row": (i) => ({ user: `u${i}`, auth: 0, item: i % 5 }),
  "blank rows that all begin a session": () => ({}),
  "one endless blank chain": (i) => ({ item: i }),
  "users that log out together": (i) => ({
    user: i % 2 ? "" : `u${i % 60}`,
    item: (i >> 1) % 30,
    page: i % 2 ? PAGE.Home : PAGE.Logout,
    auth: i % 2,
  }),
  noise: () => ({
    user: rng.below(2) ? "" : `u${rng.below(40)}`,
    item: rng.below(10),
    page: rng.below(23),
    auth: rng.below(4),
    level: rng.below(2),
  }),
};

test.each(Object.entries(FLOODS))("%s keeps the state small", (_, flood) => {
  const state = emptySession();
  let settled = 0;
  for (let i = 0; i < 20_000; i++) settled += addRow(state, { ...base, tsMs: i * 1000, row: i, ...flood(i) }).length;
  expect(JSON.stringify(state).length).toBeLessThan(200_000);
  expect(settled).toBeLessThanOrEqual(20_000);
});
