import type { Instant } from "../../../src/base/time.js";
import type { CodedEvent } from "../../../src/features/coded-event.js";
import { LiveEvents } from "../../../src/pipeline/live/live-events.js";
import type { LiveDb } from "../../../src/store/live/live-db.js";
import { type Folded, foldedOf } from "../incremental/both-ways.js";
import { testWorld } from "../ingest-fixture.js";

/** Batch after batch through a database, which is emptied first. */
export async function throughSql(
  db: LiveDb,
  batches: readonly (readonly CodedEvent[])[],
  cutoffs: readonly Instant[],
): Promise<Folded> {
  await db.exec("TRUNCATE events, sessions, recovered_in, user_states");
  const live = new LiveEvents(db, testWorld());
  for (const batch of batches) await live.add(batch);
  return storedIn(db, cutoffs);
}

/** What lies in a database, as a process that has just opened it sees it. */
export async function storedIn(db: LiveDb, cutoffs: readonly Instant[]): Promise<Folded> {
  const live = new LiveEvents(db, testWorld());
  const rows = await db.query<{ user: string; states: Uint8Array }>(
    'SELECT user_id AS "user", states FROM user_states WHERE states IS NOT NULL',
  );
  const stored = new Map(rows.map(({ user, states }) => [user, states]));
  return foldedOf(stored, cutoffs, (user, cutoff) => live.featuresAt(user, cutoff));
}
