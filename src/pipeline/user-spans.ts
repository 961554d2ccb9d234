// hot loop
import type { UserSpans } from "../evaluate/audits/placebo.js";
import type { EventColumns } from "../schema/event-columns.js";

/** First and last moment of the known events, ms. */
export function spanOf({ tsMs }: EventColumns): { firstTsMs: number; lastTsMs: number } {
  let firstTsMs = Number.POSITIVE_INFINITY;
  let lastTsMs = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < tsMs.length; row++) {
    if (tsMs[row]! < firstTsMs) firstTsMs = tsMs[row]!;
    if (tsMs[row]! > lastTsMs) lastTsMs = tsMs[row]!;
  }
  return { firstTsMs, lastTsMs };
}

/** First event of every user, and when the user cancelled. */
export function userSpans(columns: EventColumns, cancelledMs: Float64Array): UserSpans {
  const firstTsMs = new Float64Array(columns.users.length).fill(Number.POSITIVE_INFINITY);
  for (let user = 0; user < firstTsMs.length; user++) {
    for (let row = columns.userStart[user]!; row < columns.userStart[user + 1]!; row++) {
      firstTsMs[user] = Math.min(firstTsMs[user]!, columns.tsMs[row]!);
    }
  }
  return { firstTsMs, cancelledMs, lastTsMs: spanOf(columns).lastTsMs };
}
