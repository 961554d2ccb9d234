// hot loop
import type { EventColumns } from "../schema/event-columns.js";

/** The rows of one page, user by user: user u has rows start[u] … start[u + 1] − 1, by the time they happened. */
export interface PageEvents {
  readonly start: Int32Array;
  readonly tsMs: Float64Array;
  readonly knownAtMs: Float64Array;
}

export function pageEvents(columns: EventColumns, page: number): PageEvents {
  const start = new Int32Array(columns.users.length + 1);
  const rows: number[] = [];
  for (let user = 0; user < columns.users.length; user++) {
    const own: number[] = [];
    for (let row = columns.userStart[user]!; row < columns.userStart[user + 1]!; row++) {
      if (columns.page[row] === page) own.push(row);
    }
    rows.push(...own.sort((a, b) => columns.tsMs[a]! - columns.tsMs[b]!));
    start[user + 1] = rows.length;
  }
  return {
    start,
    tsMs: Float64Array.from(rows, (row) => columns.tsMs[row]!),
    knownAtMs: Float64Array.from(rows, (row) => columns.knownAtMs[row]!),
  };
}

/** When the page was first seen after `after`, as far as was known by `knownBy`; NaN for never. */
export function firstEvent(
  { start, tsMs, knownAtMs }: PageEvents,
  user: number,
  { after, knownBy }: { after: number; knownBy: number },
): number {
  for (let i = start[user]!; i < start[user + 1]!; i++) {
    if (tsMs[i]! > after && knownAtMs[i]! <= knownBy) return tsMs[i]!;
  }
  return Number.NaN;
}

/** When each user first saw the page, whenever that became known; NaN for never. */
export function firstEventTimes(columns: EventColumns, page: number): Float64Array {
  const events = pageEvents(columns, page);
  const ever = { after: Number.NEGATIVE_INFINITY, knownBy: Number.POSITIVE_INFINITY };
  return Float64Array.from(columns.users, (_, user) => firstEvent(events, user, ever));
}

/** Time of each user's first row that `counts`; Infinity for none. */
export function firstRowTimes(columns: EventColumns, counts: (row: number) => boolean): Float64Array {
  const times = new Float64Array(columns.users.length).fill(Number.POSITIVE_INFINITY);
  for (let user = 0; user < times.length; user++) {
    for (let row = columns.userStart[user]!; row < columns.userStart[user + 1]!; row++) {
      if (columns.tsMs[row]! < times[user]! && counts(row)) times[user] = columns.tsMs[row]!;
    }
  }
  return times;
}
