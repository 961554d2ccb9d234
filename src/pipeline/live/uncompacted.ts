import type { CodedEvent } from "../../features/coded-event.js";
import { arrayText } from "../../store/live/array-text.js";
import type { LiveDb, LiveSql } from "../../store/live/live-db.js";
import { selectWithTexts } from "./event-table.js";
import type { ReceivedEvent } from "./event-texts.js";

/** Marked at a time, so that what waits for the store does not wait long. */
const MARKED_ROWS = 5_000;

/** An event that the lake is to get. */
export type Uncompacted = CodedEvent & Required<ReceivedEvent>;

/** Events before a moment that the lake does not have yet, by time; `after`: the last one of the page before. */
export function readUncompacted(
  sql: LiveSql,
  { beforeMs, after, limit }: { readonly beforeMs: number; readonly after: Uncompacted | null; readonly limit: number },
): Promise<Uncompacted[]> {
  const { tsMs = Number.MIN_SAFE_INTEGER, userId = "", sessionId = -1, item = -1, pageName = "" } = after ?? {};
  return selectWithTexts<Uncompacted>(
    sql,
    `texts IS NOT NULL AND ts_ms < $1 AND ts_ms >= $2
     AND (ts_ms, user_id, session_id, item, page_name) > ($2, $3, $4, $5, $6)
     ORDER BY ts_ms, user_id, session_id, item, page_name LIMIT $7`,
    [beforeMs, tsMs, userId, sessionId, item, pageName, limit],
  );
}

/** Says of events that the lake has them: their texts are not kept twice. */
export async function markCompacted(db: LiveDb, events: readonly CodedEvent[]): Promise<void> {
  for (let from = 0; from < events.length; from += MARKED_ROWS) {
    const part = events.slice(from, from + MARKED_ROWS);
    await db.query(
      `UPDATE events AS e SET texts = NULL
       FROM unnest($1::text[], $2::int8[], $3::int4[], $4::int8[], $5::text[]) AS t(user_id, session_id, item, ts_ms, page_name)
       WHERE e.user_id = t.user_id AND e.session_id = t.session_id AND e.item = t.item AND e.ts_ms = t.ts_ms
         AND e.page_name = t.page_name AND e.texts IS NOT NULL`,
      [
        arrayText(part.map(({ userId }) => userId)),
        arrayText(part.map(({ sessionId }) => sessionId)),
        arrayText(part.map(({ item }) => item)),
        arrayText(part.map(({ tsMs }) => tsMs)),
        arrayText(part.map(({ pageName }) => pageName)),
      ],
    );
  }
}
