/**
 * Pages as small integers, in the order that breaks ties of the fold. Append only: stored codes and the order of
 * events depend on it. 0 is any page that is not in the list.
 */
export const PAGES = [
  "(other)",
  "NextSong",
  "Home",
  "Thumbs Up",
  "Thumbs Down",
  "Add to Playlist",
  "Add Friend",
  "Roll Advert",
  "Login",
  "Logout",
  "Help",
  "Settings",
  "Save Settings",
  "About",
  "Upgrade",
  "Submit Upgrade",
  "Downgrade",
  "Submit Downgrade",
  "Cancel",
  "Cancellation Confirmation",
  "Error",
  "Register",
  "Submit Registration",
] as const;

export type PageName = (typeof PAGES)[number];

/** Page name → code, for the pages the folds name. */
export const PAGE = Object.fromEntries(PAGES.map((name, code) => [name, code])) as Record<PageName, number>;

const CODES = new Map<string, number>(PAGES.map((name, code) => [name, code]));

export function pageCode(name: string): number {
  return CODES.get(name) ?? 0;
}

export const AUTHS = ["Logged In", "Logged Out", "Guest", "Cancelled"] as const;
export type Auth = (typeof AUTHS)[number];
export const AUTH = { loggedIn: 0, loggedOut: 1, guest: 2, cancelled: 3 } as const;

/** Level as a number; 255 where the log does not say. */
export const LEVELS = ["free", "paid"] as const;
export type Level = (typeof LEVELS)[number];
export const LEVEL = { free: 0, paid: 1, unknown: 255 } as const;
