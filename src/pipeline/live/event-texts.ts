import type { CodedEvent } from "../../features/coded-event.js";
import type { Event } from "../../schema/event.js";
import { SIMULATED_AGENT } from "../../schema/event-limits.js";
import { AUTHS, LEVELS } from "../../schema/pages.js";
import type { LiveSql } from "../../store/live/live-db.js";
import type { RawEvent } from "../ingest/event-reader.js";

/** A checked event with what the lake wants of it beyond its codes; an event that the lake has already comes without. */
export interface ReceivedEvent extends CodedEvent {
  readonly texts?: string;
}

/** What the codes of an event have lost of it, in the order in which it is written. A status of 0 and none have one code. */
const FIELDS = [
  "method",
  "status",
  "location",
  "userAgent",
  "firstName",
  "lastName",
  "gender",
  "artist",
  "song",
] as const satisfies readonly (keyof Event)[];

/** As a JSON list: with `codedEvent` all that ingest keeps of the event. */
export function textsOf(event: Event): string {
  return JSON.stringify(FIELDS.map((field) => event[field] ?? null));
}

/** The event again, as a row of a log that ingest reads as it would have read the one that was received. */
export function rawEventOf(event: CodedEvent, texts: string): RawEvent {
  const values: unknown = JSON.parse(texts);
  const lost = Object.fromEntries(FIELDS.map((field, i) => [field, (values as unknown[])[i]]));
  return {
    ...lost,
    ts: event.tsMs,
    userId: event.userId,
    sessionId: event.sessionId,
    itemInSession: event.item,
    page: event.pageName,
    auth: AUTHS[event.auth],
    level: LEVELS[event.level],
    registration: Number.isNaN(event.registrationMs) ? null : event.registrationMs,
    length: event.length10us === -1 ? null : event.length10us / 1e5,
  };
}

/** Whether an event that the lake does not have yet comes from `refrain simulate`. */
export function isSimulated(texts: string | undefined): boolean {
  return texts?.includes(SIMULATED_AGENT) === true;
}

/** The same of all of them. */
export async function holdsSimulated(sql: LiveSql): Promise<boolean> {
  const found = await sql.query("SELECT 1 FROM events WHERE texts IS NOT NULL AND strpos(texts, $1) > 0 LIMIT 1", [
    SIMULATED_AGENT,
  ]);
  return found.length > 0;
}
