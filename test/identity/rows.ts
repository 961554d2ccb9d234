import { addRow } from "../../src/identity/fold.js";
import { type Attribution, emptySession } from "../../src/identity/session-state.js";
import { AUTH, LEVEL, PAGE, type PageName } from "../../src/schema/pages.js";
import type { LoggedRow } from "./columns-of-rows.js";

interface Walk {
  readonly user: string;
  readonly at: number;
  readonly pages: string;
  readonly level?: number;
  readonly item?: number;
}

const START_MS = Date.UTC(2018, 10, 1);

/**
 * Rows of one walk: pages apart by commas, in parentheses when logged out, in brackets when a guest's. `at` seconds after
 * the start; 40 seconds between rows, 1 before Login and Logout.
 */
export function walk({ user, at, pages, level = LEVEL.paid, item = 0 }: Walk): LoggedRow[] {
  let tsMs = START_MS + at * 1000;
  return pages.split(",").map((text, k) => {
    const word = text.trim();
    const page = PAGE[word.replace(/[()[\]]/g, "") as PageName];
    const auth = word.startsWith("(") ? AUTH.loggedOut : word.startsWith("[") ? AUTH.guest : AUTH.loggedIn;
    if (k > 0) tsMs += page === PAGE.Login || page === PAGE.Logout ? 1000 : 40_000;
    return { user: auth === AUTH.loggedIn ? user : "", tsMs, item: item + k, page, auth, level, sessionId: 7, row: 0 };
  });
}

/** The rows of several walks in the order of the fold, numbered in that order. */
export function together(...walks: LoggedRow[][]): LoggedRow[] {
  const rows = walks.flat().sort((a, b) => a.tsMs - b.tsMs || a.item - b.item || a.page - b.page);
  return rows.map((row, i) => ({ ...row, row: i }));
}

/** Folds rows as one sessionId. */
export function fold(rows: readonly LoggedRow[]): Attribution[] {
  const state = emptySession();
  return rows.flatMap((row) => [...addRow(state, row)]);
}

/** Row number → owner. */
export function ownersOf(rows: readonly LoggedRow[]): Record<number, string> {
  return Object.fromEntries(fold(rows).map(({ row, user }) => [row, user]));
}
