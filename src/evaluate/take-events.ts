// hot loop
import type { EventColumns } from "../schema/event-columns.js";

/** What had become known by a moment, and of whom: nothing later is in what is made from it. */
export function eventsUntil(columns: EventColumns, untilMs: number): EventColumns {
  const { knownAtMs, userStart } = columns;
  const kept = new Int32Array(knownAtMs.length);
  const users: string[] = [];
  const starts: number[] = [0];
  let count = 0;
  for (const [user, id] of columns.users.entries()) {
    const before = count;
    for (let row = userStart[user]!; row < userStart[user + 1]!; row++) {
      if (knownAtMs[row]! <= untilMs) kept[count++] = row;
    }
    if (count === before) continue;
    users.push(id);
    starts.push(count);
  }
  return { ...takeEvents(columns, kept.subarray(0, count), Int32Array.from(starts)), users };
}

/**
 * Some of the rows, in the order given; their users are the same.
 *
 * @param userStart where the rows of each user begin among the kept ones
 */
export function takeEvents(columns: EventColumns, kept: Int32Array, userStart: Int32Array): EventColumns {
  const take = <T extends Float64Array | Int32Array | Uint16Array | Uint8Array>(values: T): T => {
    const taken = onSharedMemory(values, kept.length);
    for (let i = 0; i < kept.length; i++) taken[i] = values[kept[i]!]!;
    return taken;
  };
  return {
    ...columns,
    userStart,
    knownAtMs: take(columns.knownAtMs),
    tsMs: take(columns.tsMs),
    sessionId: take(columns.sessionId),
    item: take(columns.item),
    page: take(columns.page),
    auth: take(columns.auth),
    level: take(columns.level),
    status: take(columns.status),
    length10us: take(columns.length10us),
    artist: take(columns.artist),
    song: take(columns.song),
    registrationMs: take(columns.registrationMs),
    gender: take(columns.gender),
    state: take(columns.state),
  };
}

/** Threads fold the altered log without a copy each. */
function onSharedMemory<T extends Float64Array | Int32Array | Uint16Array | Uint8Array>(like: T, length: number): T {
  const make = like.constructor as new (buffer: SharedArrayBuffer) => T;
  return new make(new SharedArrayBuffer(length * like.BYTES_PER_ELEMENT));
}
