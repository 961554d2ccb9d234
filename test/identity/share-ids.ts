import { type Rng, shuffledIndices } from "../../src/base/rng.js";
import type { LoggedRow } from "./columns-of-rows.js";

/**
 * Gives groups of sessions of different users one sessionId each, as runs that number their sessions from 1 do, but
 * harder: every session of a group is moved in time to begin while the group's first one is going on.
 * `sharers` sessions make a group; the rows are changed in place.
 */
export function shareIds(sessions: readonly (readonly LoggedRow[])[], sharers: number, rng: Rng): void {
  const groups: { readonly users: Set<string>; readonly begin: number; readonly span: number }[] = [];
  for (const at of shuffledIndices(sessions.length, rng)) {
    const session = sessions[at] as readonly LoggedRow[];
    const user = session.find((row) => row.user !== "")?.user ?? "";
    const begin = session[0]?.tsMs ?? 0;
    const span = (session.at(-1)?.tsMs ?? begin) - begin;
    let id = groups.findIndex(({ users }) => users.size < sharers && !users.has(user));
    const group = groups[id];
    if (group === undefined) id = groups.push({ users: new Set([user]), begin, span }) - 1;
    const shift = group === undefined ? 0 : group.begin + Math.floor(rng.uniform() * group.span) - begin;
    group?.users.add(user);
    for (const row of session) {
      row.sessionId = id;
      row.tsMs += shift;
    }
  }
}
