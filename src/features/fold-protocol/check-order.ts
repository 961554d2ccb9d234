// hot loop
import { assert } from "../../base/assert.js";
import type { EventColumns } from "../../schema/event-columns.js";

/**
 * Stops where the rows of users `from` … `to` − 1 are not in the order of the fold. One comparison an event where times
 * differ; what lies behind equal `knownAtMs` and `tsMs` is looked at by session, item and page.
 */
export function checkOrder(columns: EventColumns, { from, to }: { from: number; to: number }): void {
  const { userStart, knownAtMs } = columns;
  for (let user = from; user < to; user++) {
    const end = userStart[user + 1]!;
    for (let row = userStart[user]! + 1; row < end; row++) {
      if (knownAtMs[row - 1]! < knownAtMs[row]!) continue;
      assert(
        knownAtMs[row - 1]! === knownAtMs[row]! && restInOrder(columns, row),
        `user ${columns.users[user]}: row ${row} comes before the one above it in the order of the fold`,
      );
    }
  }
}

function restInOrder({ tsMs, sessionId, item, page }: EventColumns, row: number): boolean {
  for (const values of [tsMs, sessionId, item, page]) {
    if (values[row - 1]! !== values[row]!) return values[row - 1]! < values[row]!;
  }
  return true;
}
