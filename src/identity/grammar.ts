import { AUTH, PAGE } from "../schema/pages.js";
import type { SessionRow } from "./session-state.js";

/** Where a stream stands: logged in; logged out; about to be logged in (after Login or Submit Registration); a guest. */
export type Phase = 0 | 1 | 2 | 3;
export const PHASE = { in: 0, out: 1, entering: 2, guest: 3 } as const satisfies Record<string, Phase>;

type Kind = "in" | "out" | "guest";

/** A step that the grammar of the logs does not know, kept possible because logs are dirty. */
const BROKEN = 1e-5;
/** An Error page between Login and Home. */
const ERROR_AFTER_LOGIN = 1e-2;
/** Level is kept from Logout to Login. */
const LEVEL_CHANGED = 1e-6;

function kindOf(row: SessionRow): Kind {
  if (row.auth === AUTH.guest) return "guest";
  if (row.auth === AUTH.loggedOut) return "out";
  if (row.auth === AUTH.loggedIn || row.auth === AUTH.cancelled) return "in";
  return row.user === "" ? "out" : "in";
}

export function isGuest(row: SessionRow): boolean {
  return row.auth === AUTH.guest;
}

/** The phase that a row leaves its stream in. */
export function phaseAfter(row: SessionRow): Phase {
  switch (kindOf(row)) {
    case "in":
      return row.page === PAGE.Logout ? PHASE.out : PHASE.in;
    case "out":
      return row.page === PAGE.Login ? PHASE.entering : PHASE.out;
    case "guest":
      return row.page === PAGE["Submit Registration"] ? PHASE.entering : PHASE.guest;
  }
}

/** How well a row follows a phase: 1 for what the grammar expects, less for what only dirt explains. */
export function phaseFit(phase: Phase, row: SessionRow): number {
  const kind = kindOf(row);
  switch (phase) {
    case PHASE.in:
      return kind === "in" ? 1 : BROKEN;
    case PHASE.out:
      return kind === "out" ? 1 : BROKEN;
    case PHASE.guest:
      return kind === "guest" ? 1 : BROKEN;
    case PHASE.entering:
      if (row.page === PAGE.Error) return ERROR_AFTER_LOGIN;
      return kind === "in" && row.page === PAGE.Home ? 1 : BROKEN;
  }
}

/** How well a row's level follows a stream's: it changes only while logged in. */
export function levelFit(phase: Phase, level: number, row: SessionRow): number {
  if (level === row.level || level === 255 || row.level === 255) return 1;
  return phase === PHASE.in && kindOf(row) === "in" ? 1 : LEVEL_CHANGED;
}
