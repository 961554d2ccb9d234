import { asInstant, type Instant, MS_PER_DAY, utcDay } from "../../base/time.js";
import type { World } from "../../base/world.js";
import { lakeVolumes } from "../../store/lake.js";
import type { LiveSql } from "../../store/live/live-db.js";
import { GRACE_MS } from "../compact.js";

/** Where the loop lives: everything it keeps is in the live store, the events and models are in the home. */
export interface LoopPlace {
  readonly db: LiveSql;
  readonly home: string;
}

export interface ClosedData {
  /** The first event of the lake, ms. */
  readonly firstMs: number;
  /** Everything that happened before this midnight is in the lake. */
  readonly before: Instant;
}

/**
 * Which UTC days are over, and are in the lake: the data, and the clock, go on for a day after their end, and no event of theirs
 * waits to be brought there. Null where there is no event.
 */
export async function closedData({ db, home }: LoopPlace, world: Pick<World, "now">): Promise<ClosedData | null> {
  const { firstTs, lastTs } = lakeVolumes(home);
  if (firstTs === null || lastTs === null) return null;
  const [live] = await db.query<{ last: number | null; waiting: number | null }>(
    `SELECT (SELECT max(ts_ms) FROM events) AS last, (SELECT min(ts_ms) FROM events WHERE texts IS NOT NULL) AS waiting`,
  );
  const last = Math.max(lastTs, live?.last ?? lastTs);
  const over = utcDay(Math.min(last, world.now()) - GRACE_MS);
  const there = Math.min(over, utcDay(live?.waiting ?? Number.MAX_SAFE_INTEGER));
  return { firstMs: firstTs, before: asInstant(there * MS_PER_DAY) };
}
