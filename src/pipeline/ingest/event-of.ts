import type { Event } from "../../schema/event.js";
import type { RawEvent } from "./event-reader.js";
import { instantOf, numberOf, userIdOf, wholeNumberOf } from "./field-values.js";

/** What `eventSchema` makes of a row that `EventReader` has taken: of no other. A property test holds the two together. */
export function eventOf(row: RawEvent): Event {
  return {
    ts: instantOf(row.ts),
    userId: userIdOf(row.userId) ?? "",
    sessionId: wholeNumberOf(row.sessionId, Number.MAX_SAFE_INTEGER),
    itemInSession: wholeNumberOf(row.itemInSession, Number.MAX_SAFE_INTEGER),
    page: row.page as string,
    auth: row.auth as Event["auth"],
    method: row.method as Text,
    status: given(row.status, numberOf),
    level: row.level as Event["level"],
    location: row.location as Text,
    userAgent: row.userAgent as Text,
    firstName: row.firstName as Text,
    lastName: row.lastName as Text,
    gender: row.gender as Text,
    registration: given(row.registration, instantOf),
    artist: row.artist as Text,
    song: row.song as Text,
    length: given(row.length, numberOf),
  };
}

type Text = string | null | undefined;

function given(value: unknown, read: (value: unknown) => number): number | null | undefined {
  return value === undefined || value === null ? value : read(value);
}
