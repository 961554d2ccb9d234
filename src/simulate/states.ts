import type { Auth, Level, PageName } from "../schema/pages.js";
import { type Standing, TEMPLATE_WALK } from "./walk.js";

/** A state of the walk. The fields of a log row that depend on nothing else are already text. */
export interface WalkState {
  readonly page: PageName;
  readonly auth: Auth;
  readonly level: Level;
  readonly standing: Standing;
  /** A page the server answers with a redirect comes one second after the row before it. */
  readonly redirect: boolean;
  readonly song: boolean;
}

const REDIRECTS: ReadonlySet<PageName> = new Set<PageName>([
  "Thumbs Up",
  "Thumbs Down",
  "Add Friend",
  "Logout",
  "Login",
  "Cancel",
  "Save Settings",
  "Submit Upgrade",
  "Submit Downgrade",
  "Submit Registration",
]);

/** Pages that change who or what the listener is, when the page after them is Home (or the confirmation). */
const DOORS: Readonly<Partial<Record<PageName, { auth?: Auth; level?: Level }>>> = {
  Login: { auth: "Logged In" },
  Logout: { auth: "Logged Out" },
  Cancel: { auth: "Cancelled" },
  "Submit Registration": { auth: "Logged In" },
  "Submit Upgrade": { level: "paid" },
  "Submit Downgrade": { level: "free" },
};

/** All states, in the order of the table; the two confirmations of cancelling come last. */
export const STATES: readonly WalkState[] = [
  ...Object.entries(TEMPLATE_WALK).flatMap(([standing, pages]) =>
    Object.keys(pages).map((page) => stateOf(standing as Standing, page as PageName)),
  ),
  stateOf("Cancelled|free", "Cancellation Confirmation"),
  stateOf("Cancelled|paid", "Cancellation Confirmation"),
];

const INDEX = new Map(STATES.map((state, index) => [`${state.standing}|${state.page}`, index]));

function stateOf(standing: Standing, page: PageName): WalkState {
  const [auth, level] = standing.split("|") as [Auth, Level];
  return { page, auth, level, standing, redirect: REDIRECTS.has(page), song: page === "NextSong" };
}

/** Index of a state; −1 when the walk has none such. */
export function stateIndex(standing: Standing, page: PageName): number {
  return INDEX.get(`${standing}|${page}`) ?? -1;
}

/** Where the walk lands when it goes from a state to a page: an Error opens no door. */
export function landing(from: WalkState, page: PageName): number {
  const door = page === "Error" ? undefined : DOORS[from.page];
  return stateIndex(`${door?.auth ?? from.auth}|${door?.level ?? from.level}`, page);
}

/** Method and status as the server answers each page. */
export function answerOf(page: PageName): { method: "GET" | "PUT"; status: number } {
  if (page === "Error") return { method: "GET", status: 404 };
  if (REDIRECTS.has(page)) return { method: "PUT", status: 307 };
  return { method: page === "NextSong" || page === "Add to Playlist" ? "PUT" : "GET", status: 200 };
}
