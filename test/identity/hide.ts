import type { Rng } from "../../src/base/rng.js";
import { MS_PER_SECOND } from "../../src/base/time.js";
import { AUTH, PAGE } from "../../src/schema/pages.js";
import type { LoggedRow } from "./columns-of-rows.js";

/**
 * Where a stretch of rows is hidden: `between` Logout and Home; `before`, from the start of the session to Home; `after`
 * a Logout, to the end of the session.
 */
const SHAPES = ["between", "before", "after"] as const;
type Shape = (typeof SHAPES)[number];

/** Longest hidden stretch; the longest in the public logs is 4. */
const HIDDEN_MAX = 4;
const WANDERING = [PAGE.Home, PAGE.Home, PAGE.About, PAGE.Help] as const;

/**
 * Hides a stretch of known rows of one session as a logout would have left it: times, items and number of rows stay, the
 * hidden rows lose their user and get auth Logged Out and the pages of a logged-out walk; the row before becomes Logout,
 * the row after Home; all keep the level of the row before. Login and Logout come 1 second after the row before them
 * where the next row allows it. The other gaps stay those of the real rows, songs among them, which are longer than
 * those of a logged-out walk. Returns copies; null where the drawn
 * stretch is not all logged-in rows, or its Home would take the place of a real Logout.
 */
export function hideStretch(session: readonly LoggedRow[], rng: Rng): LoggedRow[] | null {
  const shape = SHAPES[rng.below(SHAPES.length)] as Shape;
  const length = 1 + rng.below(HIDDEN_MAX);
  const first = firstHidden(session.length, shape, length, rng);
  if (first === null || (shape === "between" && length < 2)) return null;
  const touched = session.slice(Math.max(0, first - 1), first + length + (shape === "after" ? 0 : 1));
  if (touched.some((row) => row.user === "" || row.auth !== AUTH.loggedIn)) return null;
  if (shape !== "after" && touched.at(-1)?.page === PAGE.Logout) return null;
  const rows = session.map((row) => ({ ...row }));
  const level = (touched[0] as LoggedRow).level;
  if (shape !== "before") turnInto(rows, first - 1, { page: PAGE.Logout, level });
  for (let k = 0; k < length; k++) {
    const ends = k === length - 1 && shape !== "after";
    const page = ends ? PAGE.Login : k === 0 ? PAGE.Home : (WANDERING[rng.below(WANDERING.length)] as number);
    turnInto(rows, first + k, { page, level, user: "", auth: AUTH.loggedOut });
  }
  if (shape !== "after") turnInto(rows, first + length, { page: PAGE.Home, level });
  return rows;
}

function firstHidden(rows: number, shape: Shape, length: number, rng: Rng): number | null {
  if (shape === "before") return rows > length ? 0 : null;
  if (shape === "after") return rows > length ? rows - length : null;
  return rows >= length + 2 ? 1 + rng.below(rows - length - 1) : null;
}

function turnInto(rows: LoggedRow[], at: number, change: Partial<LoggedRow>): void {
  const row = rows[at];
  if (row === undefined) return;
  Object.assign(row, change);
  const before = rows[at - 1];
  const redirect = row.page === PAGE.Login || row.page === PAGE.Logout;
  if (!redirect || before === undefined) return;
  const soon = before.tsMs + MS_PER_SECOND;
  if (soon <= (rows[at + 1]?.tsMs ?? Number.POSITIVE_INFINITY)) row.tsMs = soon;
}
