import type { UserId } from "../../schema/user-id.js";
import type { LiveDb } from "../../store/live/live-db.js";
import type { OwnedRow } from "../incremental/event-store.js";
import { rowsOfUsers } from "./rows-of-users.js";

/** Where a timeline goes on: after this event, the newest first. */
export interface TimelineCursor {
  readonly tsMs: number;
  readonly sessionId: number;
  readonly item: number;
}

/** Events known to be a user's, newest first; empty for a user nobody knows. */
export async function timeline(
  db: LiveDb,
  user: UserId,
  { after, limit }: { readonly after: TimelineCursor | null; readonly limit: number },
): Promise<readonly OwnedRow[]> {
  const rows = await db.snapshot(async (sql) => (await rowsOfUsers(sql, [user], new Map())).get(user) ?? []);
  const sorted = [...rows].sort((a, b) => newestFirst(a.event, b.event));
  const rest = after === null ? sorted : sorted.filter(({ event }) => newestFirst(after, event) < 0);
  return rest.slice(0, limit);
}

function newestFirst(a: TimelineCursor, b: TimelineCursor): number {
  return b.tsMs - a.tsMs || b.sessionId - a.sessionId || b.item - a.item;
}
