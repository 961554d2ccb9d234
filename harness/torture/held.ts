import assert from "node:assert/strict";
import { asInstant } from "#src/base/time.js";
import { openLiveDb } from "#src/store/live/open-live-db.js";
import type { ServicePlace } from "../service-process.js";
import type { Batch, Fate, SentEvent } from "./load.js";

export function keyOf({ userId, sessionId, itemInSession, ts, page }: SentEvent): string {
  return JSON.stringify([String(userId ?? ""), Number(sessionId), Number(itemInSession), Number(ts), page]);
}

/** The keys of all events in the live store, which no service has open where it is PGlite; with how often each is there. */
export async function heldKeys({ home, url }: ServicePlace): Promise<Map<string, number>> {
  const db = await openLiveDb(url === null ? { home } : { url }, { now: () => asInstant(0) });
  try {
    const rows = await db.query<Record<string, unknown>>(
      'SELECT user_id AS "userId", session_id AS "sessionId", item AS "itemInSession", ts_ms AS ts, page_name AS page FROM events',
    );
    const counts = new Map<string, number>();
    for (const row of rows) counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + 1);
    return counts;
  } finally {
    await db.close();
  }
}

/** THE LAW OF ACKNOWLEDGEMENT: what was acknowledged is there once, any other batch as a whole or not at all, and nothing else. */
export function assertKept(
  held: ReadonlyMap<string, number>,
  batches: readonly Batch[],
  fates: ReadonlyMap<number, Fate>,
): { acknowledged: number; wholeUnacknowledged: number } {
  let [acknowledged, wholeUnacknowledged, explained] = [0, 0, 0];
  for (const [key, count] of held) assert.equal(count, 1, `${key} is there ${count} times`);
  for (const { number, events } of batches) {
    const there = events.filter((event) => held.has(keyOf(event))).length;
    explained += there;
    const fate = fates.get(number);
    if (fate === "acknowledged") {
      assert.equal(
        there,
        events.length,
        `batch ${number} was acknowledged, and ${events.length - there} events are lost`,
      );
      acknowledged += there;
    } else if (fate === "unknown") {
      assert.ok(
        there === 0 || there === events.length,
        `batch ${number} is there in part: ${there} of ${events.length}`,
      );
      wholeUnacknowledged += there;
    } else assert.equal(there, 0, `batch ${number} was never sent, and is there`);
  }
  assert.equal(explained, held.size, "events are there that nobody sent");
  return { acknowledged, wholeUnacknowledged };
}
